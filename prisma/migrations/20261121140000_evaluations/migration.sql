CREATE INDEX "evaluations_by_agent" ON "evaluations" ("environment_id", "agent_id", "at" DESC, "evaluation_id" DESC);

-- A version that takes a small share of an agent's runs, beside the one it may replace.
CREATE TABLE "canaries" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "baseline_version" TEXT NOT NULL,
  "canary_version" TEXT NOT NULL,
  "percent_traffic" DOUBLE PRECISION NOT NULL,
  "probes" JSONB NOT NULL DEFAULT '[]',
  "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  "note" TEXT,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "canaries_pkey" PRIMARY KEY ("environment_id","slug")
);

-- Probes of a runbook that a version passes before its full roll-out.
CREATE TABLE "release_checklists" (
  "environment_id" TEXT NOT NULL,
  "runbook" TEXT NOT NULL,
  "agent_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "probes" JSONB NOT NULL DEFAULT '[]',
  "note" TEXT,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "release_checklists_pkey" PRIMARY KEY ("environment_id","runbook")
);

-- What follows is append-only, or the worker's own. Not in Prisma.
CREATE TABLE "probe_results" (
  "environment_id" TEXT NOT NULL,
  "probe_id" TEXT NOT NULL,
  "canary" TEXT,
  "runbook" TEXT,
  "agent_id" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "status" TEXT NOT NULL CHECK ("status" IN ('ok', 'failed')),
  "latency_ms" DOUBLE PRECISION NOT NULL,
  "http_status" INT,
  "detail" TEXT,
  "run_id" TEXT,
  "source" TEXT NOT NULL CHECK ("source" IN ('posted', 'worker')),
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "probe_id")
);
CREATE INDEX "probe_results_newest" ON "probe_results" ("environment_id", "agent_id", "version", "name", "at" DESC, "probe_id" DESC);

CREATE INDEX "probe_results_asked" ON "probe_results" ("at") WHERE "source" = 'worker';

-- When the worker asks an address of a canary next; whoever moves the time asks.
CREATE TABLE "probe_schedule" (
  "environment_id" TEXT NOT NULL,
  "canary" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "next_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "canary", "name")
);

CREATE TABLE "chaos_results" (
  "environment_id" TEXT NOT NULL,
  "chaos_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "adapter" TEXT,
  "suite" TEXT NOT NULL DEFAULT '',
  "task" TEXT NOT NULL,
  "broken" TEXT,
  "expected_stop_reason" TEXT NOT NULL,
  "actual_stop_reason" TEXT,
  "passed" BOOLEAN NOT NULL,
  "detail" TEXT,
  "run_id" TEXT,
  "duration_ms" DOUBLE PRECISION,
  "reported_by" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "chaos_id")
);
CREATE INDEX "chaos_results_newest" ON "chaos_results" ("environment_id", "agent_id", "suite", "task", "version", "at" DESC, "chaos_id" DESC);
