


-- CreateTable
CREATE TABLE "audit_chains" (
    "chain_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_chains_pkey" PRIMARY KEY ("chain_id")
);

-- CreateTable
CREATE TABLE "audit_rows" (
    "chain_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_rows_pkey" PRIMARY KEY ("chain_id","seq")
);

-- CreateTable
CREATE TABLE "control_heads" (
    "environment_id" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "settings_revision" BIGINT NOT NULL,
    "policy_revision" BIGINT NOT NULL DEFAULT 0,
    "ttl_s" INTEGER NOT NULL DEFAULT 30,
    "on_stale" TEXT NOT NULL DEFAULT 'stop',
    "poll_after_s" INTEGER NOT NULL DEFAULT 5,
    "safe_mode_tools" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "control_heads_pkey" PRIMARY KEY ("environment_id")
);

-- CreateTable
CREATE TABLE "switches" (
    "id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "scope_kind" TEXT NOT NULL,
    "scope_key" TEXT NOT NULL DEFAULT '',
    "mode" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "set_by_person" TEXT NOT NULL,
    "set_by_name" TEXT NOT NULL,
    "set_by_email" TEXT NOT NULL,
    "set_by_key" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),
    "released_by_name" TEXT,
    "release_reason" TEXT,
    "release_revision" BIGINT,

    CONSTRAINT "switches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "switch_runs" (
    "switch_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "gated" BOOLEAN NOT NULL,

    CONSTRAINT "switch_runs_pkey" PRIMARY KEY ("switch_id","run_id")
);

-- CreateTable
CREATE TABLE "switch_instances" (
    "switch_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "agent_id" TEXT,

    CONSTRAINT "switch_instances_pkey" PRIMARY KEY ("switch_id","instance_id")
);

-- CreateTable
CREATE TABLE "acknowledgements" (
    "environment_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "acknowledgements_pkey" PRIMARY KEY ("environment_id","instance_id","revision")
);

-- CreateTable
CREATE TABLE "agents" (
    "environment_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "version" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "gated_at" TIMESTAMPTZ(3),
    "ungated_at" TIMESTAMPTZ(3),
    "reviewed_at" TIMESTAMPTZ(3),
    "reviewed_by" TEXT,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("environment_id","agent_id")
);

-- CreateTable
CREATE TABLE "instances" (
    "environment_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "agent_id" TEXT,
    "applied_revision" BIGINT NOT NULL DEFAULT 0,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_heard_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instances_pkey" PRIMARY KEY ("environment_id","instance_id")
);

-- CreateTable
CREATE TABLE "fleet_names" (
    "environment_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fleet_names_pkey" PRIMARY KEY ("environment_id","kind","name")
);

-- CreateTable
CREATE TABLE "model_prices" (
    "environment_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input_usd" DECIMAL(12,6) NOT NULL,
    "output_usd" DECIMAL(12,6) NOT NULL,
    "cached_usd" DECIMAL(12,6),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_prices_pkey" PRIMARY KEY ("environment_id","model")
);

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "set_up_at" TIMESTAMPTZ(3),
    "alive_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environments" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "one_time" BOOLEAN NOT NULL DEFAULT false,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "disabled_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "people_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identities" (
    "provider" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("provider","account_id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "environment_id" TEXT,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_keys" (
    "id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tail" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "agent_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tenant_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_rows_chain_id_target_type_target_id_idx" ON "audit_rows"("chain_id", "target_type", "target_id");

-- CreateIndex
CREATE INDEX "switches_environment_id_set_at_idx" ON "switches"("environment_id", "set_at" DESC);

-- CreateIndex
CREATE INDEX "instances_environment_id_agent_id_idx" ON "instances"("environment_id", "agent_id");

-- CreateIndex
CREATE UNIQUE INDEX "environments_slug_key" ON "environments"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "people_email_key" ON "people"("email");

-- CreateIndex
CREATE INDEX "memberships_environment_id_idx" ON "memberships"("environment_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_keys_hash_key" ON "agent_keys"("hash");

-- CreateIndex
CREATE INDEX "agent_keys_environment_id_idx" ON "agent_keys"("environment_id");



-- AddForeignKey
ALTER TABLE "identities" ADD CONSTRAINT "identities_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_keys" ADD CONSTRAINT "agent_keys_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_keys" ADD CONSTRAINT "agent_keys_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE "installation" ADD CONSTRAINT "installation_is_one" CHECK ("id" = 1);
INSERT INTO "installation" ("id") VALUES (1);
CREATE UNIQUE INDEX "memberships_once" ON "memberships" ("person_id", "environment_id", "role") NULLS NOT DISTINCT;
CREATE INDEX "switches_active" ON "switches" ("environment_id") WHERE "released_at" IS NULL;

-- Runs: written by record(), read by keyset. Not in Prisma: no query of the hot path goes through it.
CREATE TABLE "runs" (
  "environment_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "request_id" TEXT,
  "request_hash" TEXT,
  "agent_id" TEXT NOT NULL,
  "agent_version" TEXT,
  "task_type" TEXT NOT NULL,
  "tenant_id" TEXT,
  "name" TEXT,
  "goal" TEXT,
  "scope" TEXT[] NOT NULL DEFAULT '{}',
  "parent_run_id" TEXT,
  "ancestors" TEXT[] NOT NULL DEFAULT '{}',
  "conversation_id" TEXT,
  "source" TEXT NOT NULL CHECK ("source" IN ('api', 'otlp')),
  "status" TEXT NOT NULL CHECK ("status" IN ('running', 'waiting', 'completed', 'failed', 'stopped', 'lost')),
  "stop_reason" TEXT,
  "attempt" INT NOT NULL DEFAULT 1,
  "lease_token" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "instance_id" TEXT,
  "key_id" TEXT,
  "lock_key" TEXT,
  "estimate" JSONB,
  "versions" JSONB,
  "deployment_env" TEXT,
  "resumed_from" TEXT,
  "waiting_on" JSONB,
  "progress" JSONB,
  "step" INT NOT NULL DEFAULT 0,
  "model_calls" INT NOT NULL DEFAULT 0,
  "tool_calls" INT NOT NULL DEFAULT 0,
  "errors" INT NOT NULL DEFAULT 0,
  "span_count" INT NOT NULL DEFAULT 0,
  "tokens_input" BIGINT NOT NULL DEFAULT 0,
  "tokens_output" BIGINT NOT NULL DEFAULT 0,
  "tokens_cached" BIGINT NOT NULL DEFAULT 0,
  "cost_micros" BIGINT NOT NULL DEFAULT 0,
  "unpriced_calls" INT NOT NULL DEFAULT 0,
  "totals" JSONB,
  "result" BYTEA,
  "error_type" TEXT,
  "error_message" TEXT,
  "late" BOOLEAN NOT NULL DEFAULT false,
  "root_ended_at" TIMESTAMPTZ(3),
  "root_failed" BOOLEAN NOT NULL DEFAULT false,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "last_activity_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "run_id")
);
CREATE UNIQUE INDEX "runs_request" ON "runs" ("environment_id", "agent_id", "request_id") WHERE "request_id" IS NOT NULL;
CREATE INDEX "runs_started" ON "runs" ("environment_id", "started_at" DESC, "run_id" DESC);
CREATE INDEX "runs_by_status" ON "runs" ("environment_id", "status", "started_at" DESC, "run_id" DESC);
CREATE INDEX "runs_by_reason" ON "runs" ("environment_id", "stop_reason", "started_at" DESC, "run_id" DESC);
CREATE INDEX "runs_by_agent" ON "runs" ("environment_id", "agent_id", "started_at" DESC, "run_id" DESC);
CREATE INDEX "runs_by_task" ON "runs" ("environment_id", "task_type", "started_at" DESC, "run_id" DESC);
CREATE INDEX "runs_by_tenant" ON "runs" ("environment_id", "tenant_id", "started_at" DESC, "run_id" DESC) WHERE "tenant_id" IS NOT NULL;
CREATE INDEX "runs_by_cost" ON "runs" ("environment_id", "cost_micros" DESC);
CREATE INDEX "runs_by_parent" ON "runs" ("environment_id", "parent_run_id") WHERE "parent_run_id" IS NOT NULL;
CREATE INDEX "runs_by_conversation" ON "runs" ("environment_id", "conversation_id") WHERE "conversation_id" IS NOT NULL;
CREATE INDEX "runs_live" ON "runs" ("environment_id") WHERE "status" IN ('running', 'waiting');
CREATE INDEX "runs_ended" ON "runs" ("environment_id", "ended_at") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "runs_text" ON "runs" USING gin ((coalesce("name", '') || ' ' || coalesce("goal", '') || ' ' || coalesce("error_message", '')) gin_trgm_ops);

-- What must not run twice, and is free once free_at has come, or the row is gone.
CREATE TABLE "run_locks" (
  "environment_id" TEXT NOT NULL,
  "lock_key" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "held_since" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "grace_s" INT NOT NULL,
  "free_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "lock_key")
);

-- Which run a trace belongs to, where that is not the trace's own id.
CREATE TABLE "run_traces" (
  "environment_id" TEXT NOT NULL,
  "trace_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "named_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "trace_id")
);
CREATE INDEX "run_traces_recent" ON "run_traces" ("named_at");

-- Which tools a run has called, so that the list can be filtered without touching spans.
CREATE TABLE "run_tools" (
  "environment_id" TEXT NOT NULL,
  "tool" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "calls" INT NOT NULL DEFAULT 0,
  PRIMARY KEY ("environment_id", "tool", "run_id")
);
CREATE INDEX "run_tools_by_run" ON "run_tools" ("environment_id", "run_id");

-- Spans: one partition a day of their start, made as days appear. Identity: environment, trace or run, span, start.
CREATE TABLE "spans" (
  "environment_id" TEXT NOT NULL,
  "holder" TEXT NOT NULL,
  "span_id" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(6) NOT NULL,
  "ordinal" INT NOT NULL DEFAULT 0,
  "run_id" TEXT NOT NULL,
  "trace_id" TEXT,
  "parent_span_id" TEXT,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "agent_id" TEXT,
  "to_agent" TEXT,
  "tool" TEXT,
  "tool_call_id" TEXT,
  "model" TEXT,
  "provider" TEXT,
  "status" TEXT NOT NULL,
  "error_type" TEXT,
  "error_message" TEXT,
  "args_hash" TEXT,
  "args_fingerprint" TEXT,
  "result_hash" TEXT,
  "args_preview" TEXT,
  "result_preview" TEXT,
  "tokens_input" BIGINT,
  "tokens_output" BIGINT,
  "tokens_cached" BIGINT,
  "tokens_reasoning" BIGINT,
  "cost_micros" BIGINT,
  "cost_source" TEXT,
  "finish_reasons" TEXT,
  "http_status" INT,
  "endpoint" TEXT,
  "prompt_hash" TEXT,
  "decision_id" TEXT,
  "duration_us" BIGINT,
  "convention" TEXT NOT NULL,
  "scope_name" TEXT,
  "dropped_attributes" INT NOT NULL DEFAULT 0,
  "attributes" JSONB NOT NULL DEFAULT '{}',
  "events" JSONB,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "holder", "span_id", "started_at")
) PARTITION BY RANGE ("started_at");
CREATE INDEX "spans_by_run" ON "spans" ("environment_id", "run_id", "started_at");

-- Hour by hour what model calls used, from the rows really inserted.
CREATE TABLE "usage_hours" (
  "environment_id" TEXT NOT NULL,
  "hour" TIMESTAMPTZ(0) NOT NULL,
  "agent_id" TEXT NOT NULL,
  "model" TEXT NOT NULL,
  "calls" BIGINT NOT NULL DEFAULT 0,
  "tokens_input" BIGINT NOT NULL DEFAULT 0,
  "tokens_output" BIGINT NOT NULL DEFAULT 0,
  "cost_micros" BIGINT NOT NULL DEFAULT 0,
  "unpriced_calls" BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY ("environment_id", "hour", "agent_id", "model")
);

-- A day's partition, made when the first span of that day arrives. Attaching takes a weaker lock than creating in place.
CREATE FUNCTION ensure_span_partition(day DATE) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE part TEXT := 'spans_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN part; END IF;
  PERFORM pg_advisory_xact_lock(7314202);
  IF to_regclass(part) IS NOT NULL THEN RETURN part; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE spans INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
  EXECUTE format('ALTER TABLE spans ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part,
    (day::timestamp AT TIME ZONE 'UTC'), ((day + 1)::timestamp AT TIME ZONE 'UTC'));
  RETURN part;
END $$;

-- Counted by rate-limiter-flexible.
CREATE TABLE "sign_in_attempts" ("key" VARCHAR(255) PRIMARY KEY, "points" INTEGER NOT NULL DEFAULT 0, "expire" BIGINT);

-- When a batch of spans that bring no start of their own first came: a repeat of it gets the same times.
CREATE TABLE "span_requests" (
  "environment_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "request_id" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "run_id", "request_id")
);
