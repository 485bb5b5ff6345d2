-- What only the whole text of a span told when it arrived.
ALTER TABLE "spans" ADD COLUMN "signals" JSONB;

-- Runs that detectors have not looked at since something of them was written. Append-only: ingest never waits for who reads it.
CREATE TABLE "run_touches" (
  "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "environment_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "spans" INT NOT NULL DEFAULT 0,
  "first_at" TIMESTAMPTZ(6),
  "last_at" TIMESTAMPTZ(6)
);

-- Rules that were written or changed here; the rest is the catalogue's.
CREATE TABLE "detection_rules" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "category" TEXT NOT NULL,
  "failure" TEXT,
  "name" TEXT NOT NULL,
  "metric" TEXT NOT NULL,
  "aggregate" TEXT,
  "per" TEXT NOT NULL DEFAULT 'run',
  "op" TEXT NOT NULL,
  "threshold" DOUBLE PRECISION NOT NULL,
  "warn_threshold" DOUBLE PRECISION,
  "window_s" INTEGER,
  "scope" JSONB NOT NULL DEFAULT '{}',
  "exempt_tools" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "severity" TEXT NOT NULL,
  "mode" TEXT NOT NULL,
  "actions" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "no_data_s" INTEGER,
  "renotify_s" INTEGER,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "detection_rules_pkey" PRIMARY KEY ("environment_id","slug")
);

-- One alert stands open for a rule, an agent and a level; each run it fired on is a row of its own.
CREATE TABLE "alerts" (
  "environment_id" TEXT NOT NULL,
  "alert_id" TEXT NOT NULL,
  "dedupe_key" TEXT NOT NULL,
  "rule" TEXT NOT NULL,
  "rule_name" TEXT NOT NULL,
  "sentence" TEXT NOT NULL,
  "category" TEXT NOT NULL,
  "failure" TEXT,
  "metric" TEXT NOT NULL,
  "severity" TEXT NOT NULL CHECK ("severity" IN ('info', 'warning', 'high', 'critical')),
  "state" TEXT NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'acknowledged', 'resolved')),
  "historic" BOOLEAN NOT NULL DEFAULT false,
  "mode" TEXT NOT NULL,
  "agent_id" TEXT,
  "tenant_id" TEXT,
  "task_type" TEXT,
  "value" DOUBLE PRECISION NOT NULL,
  "threshold" DOUBLE PRECISION NOT NULL,
  "runs" INT NOT NULL DEFAULT 0,
  "evidence" JSONB NOT NULL DEFAULT '[]',
  "first_at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "raised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "told_at" TIMESTAMPTZ(3),
  "incident_id" TEXT,
  "acknowledged_by" TEXT,
  "acknowledged_at" TIMESTAMPTZ(3),
  "note" TEXT,
  "resolved_by" TEXT,
  "resolved_at" TIMESTAMPTZ(3),
  "resolve_reason" TEXT,
  PRIMARY KEY ("environment_id", "alert_id")
);
CREATE UNIQUE INDEX "alerts_open_once" ON "alerts" ("environment_id", "dedupe_key") WHERE "state" <> 'resolved';
CREATE INDEX "alerts_recent" ON "alerts" ("environment_id", "last_at" DESC, "alert_id" DESC);
CREATE INDEX "alerts_by_rule" ON "alerts" ("environment_id", "rule", "last_at" DESC);

CREATE TABLE "alert_runs" (
  "environment_id" TEXT NOT NULL,
  "alert_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "severity" TEXT NOT NULL,
  "value" DOUBLE PRECISION NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "evidence" JSONB NOT NULL DEFAULT '[]',
  "raised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY ("environment_id", "alert_id", "run_id")
);
CREATE INDEX "alert_runs_by_run" ON "alert_runs" ("environment_id", "run_id");

-- What an alert asked for, and what came of it: each once.
CREATE TABLE "alert_actions" (
  "environment_id" TEXT NOT NULL,
  "alert_id" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "target" TEXT NOT NULL DEFAULT '',
  "state" TEXT NOT NULL CHECK ("state" IN ('pending', 'taken', 'not_taken')),
  "note" TEXT NOT NULL DEFAULT '',
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "alert_id", "action", "target")
);
CREATE INDEX "alert_actions_pending" ON "alert_actions" ("at") WHERE "state" = 'pending';

-- What runs showed, for windows over many of them: only metrics that some window asks about.
CREATE TABLE "run_measures" (
  "environment_id" TEXT NOT NULL,
  "metric" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "tenant_id" TEXT,
  "task_type" TEXT NOT NULL,
  "value" DOUBLE PRECISION NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "metric", "run_id")
);
CREATE INDEX "run_measures_recent" ON "run_measures" ("environment_id", "metric", "at" DESC);

-- When data of a kind last came from an agent: what a rule cannot see is blind, not quiet.
CREATE TABLE "data_seen" (
  "environment_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "needs" TEXT NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "agent_id", "needs")
);

-- Which tools an agent has used, and in which run first.
CREATE TABLE "agent_tools" (
  "environment_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "tool" TEXT NOT NULL,
  "first_run" TEXT NOT NULL,
  "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "agent_id", "tool")
);

CREATE TABLE "evaluations" (
  "environment_id" TEXT NOT NULL,
  "evaluation_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "span_id" TEXT,
  "agent_id" TEXT NOT NULL,
  "agent_version" TEXT,
  "task_type" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "score" DOUBLE PRECISION NOT NULL,
  "passed" BOOLEAN,
  "evaluator" TEXT NOT NULL,
  "notes" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "evaluation_id")
);
CREATE INDEX "evaluations_by_run" ON "evaluations" ("environment_id", "run_id", "at");
CREATE INDEX "evaluations_recent" ON "evaluations" ("environment_id", "at" DESC, "evaluation_id" DESC);

CREATE TABLE "checkpoints" (
  "environment_id" TEXT NOT NULL,
  "checkpoint_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "step" INT NOT NULL,
  "state_hash" TEXT NOT NULL,
  "bytes" BIGINT NOT NULL,
  "parent_checkpoint_id" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "verified_at" TIMESTAMPTZ(3),
  "mismatch_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "checkpoint_id")
);
CREATE INDEX "checkpoints_by_run" ON "checkpoints" ("environment_id", "run_id", "step");

-- Two that make one day's partition at once: who waited for the other may not know yet that it is there.
CREATE OR REPLACE FUNCTION ensure_span_partition(day DATE) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE part TEXT := 'spans_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN part; END IF;
  PERFORM pg_advisory_xact_lock(7314202);
  IF to_regclass(part) IS NOT NULL THEN RETURN part; END IF;
  BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE spans INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
  EXCEPTION WHEN duplicate_table THEN RETURN part;
  END;
  EXECUTE format('ALTER TABLE spans ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part,
    (day::timestamp AT TIME ZONE 'UTC'), ((day + 1)::timestamp AT TIME ZONE 'UTC'));
  RETURN part;
END $$;
