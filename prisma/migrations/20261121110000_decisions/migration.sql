ALTER TABLE "control_heads" ADD COLUMN "policy_rules" JSONB NOT NULL DEFAULT '[]', ADD COLUMN "self_approval" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "sealed_at" TIMESTAMPTZ(3), ADD COLUMN "sealed_id" TEXT NOT NULL DEFAULT '';

CREATE TABLE "policies" (
    "environment_id" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "latest_version" INTEGER NOT NULL,
    "enforced_version" INTEGER,
    "observed_version" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policies_pkey" PRIMARY KEY ("environment_id","policy_id")
);

CREATE TABLE "policy_versions" (
    "environment_id" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "source" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "note" TEXT,
    "author_id" TEXT NOT NULL,
    "author_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("environment_id","policy_id","version")
);

CREATE TABLE "approval_grants" (
    "id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "tenant_id" TEXT,
    "condition" TEXT,
    "reason" TEXT NOT NULL,
    "max_uses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "granted_by" TEXT NOT NULL,
    "granted_by_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by_name" TEXT,

    CONSTRAINT "approval_grants_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "approval_grants_environment_id_expires_at_idx" ON "approval_grants"("environment_id", "expires_at");

CREATE TABLE "budgets" (
    "environment_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "scope_kind" TEXT NOT NULL,
    "scope_key" TEXT NOT NULL DEFAULT '',
    "metric" TEXT NOT NULL,
    "window" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "soft_at" DECIMAL(5,4),
    "soft_then" TEXT NOT NULL DEFAULT 'alert',
    "hard" BOOLEAN NOT NULL DEFAULT true,
    "note" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budgets_pkey" PRIMARY KEY ("environment_id","slug")
);

-- What follows is written by decisions and their results alone, under the lock of the environment's control head. Not in Prisma.
ALTER TABLE "runs" ADD COLUMN "waiting_since" TIMESTAMPTZ(3), ADD COLUMN "waited_ms" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "settled" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "runs_waiting" ON "runs" ("environment_id") WHERE "status" = 'waiting';

CREATE TABLE "decisions" (
  "environment_id" TEXT NOT NULL,
  "decision_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "request_id" TEXT,
  "request_hash" TEXT,
  "agent_id" TEXT NOT NULL,
  "tenant_id" TEXT,
  "task_type" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "tool" TEXT,
  "model" TEXT,
  "effect" TEXT,
  "args_hash" TEXT,
  "fingerprint" TEXT,
  "outcome" TEXT NOT NULL,
  "code" TEXT NOT NULL,
  "policy_id" TEXT,
  "policy_version" INT,
  "approval_id" TEXT,
  "effect_id" TEXT,
  "grant_id" TEXT,
  "question" JSONB NOT NULL,
  -- Kept as it was given, never looked into by SQL.
  "answer" JSON NOT NULL,
  "control_revision" BIGINT NOT NULL,
  "decided_at" TIMESTAMPTZ(3) NOT NULL,
  "start_by" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "decision_id")
);
CREATE UNIQUE INDEX "decisions_request" ON "decisions" ("environment_id", "run_id", "request_id") WHERE "request_id" IS NOT NULL;
CREATE INDEX "decisions_by_run" ON "decisions" ("environment_id", "run_id", "decided_at");
CREATE INDEX "decisions_recent" ON "decisions" ("environment_id", "decided_at" DESC, "decision_id" DESC);

CREATE TABLE "decision_results" (
  "environment_id" TEXT NOT NULL,
  "decision_id" TEXT NOT NULL,
  "body_hash" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "http_status" INT,
  "error_type" TEXT,
  "error_message" TEXT,
  "latency_ms" DOUBLE PRECISION,
  "endpoint" TEXT,
  "tokens_input" BIGINT,
  "tokens_output" BIGINT,
  "tokens_cached" BIGINT,
  "cost_micros" BIGINT,
  "cost_source" TEXT,
  "result_hash" TEXT,
  "output_valid" BOOLEAN,
  "late" BOOLEAN NOT NULL DEFAULT false,
  "answer" JSON NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "decision_id")
);

-- What calls in flight may still cost. Expired without a result a hold is unsettled, and counts until a late result replaces it.
CREATE TABLE "holds" (
  "environment_id" TEXT NOT NULL,
  "decision_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "ancestors" TEXT[] NOT NULL DEFAULT '{}',
  "agent_id" TEXT NOT NULL,
  "tenant_id" TEXT,
  "task_type" TEXT NOT NULL,
  "tool" TEXT,
  "stage" TEXT,
  "tokens" BIGINT NOT NULL,
  "micros" BIGINT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'held' CHECK ("state" IN ('held', 'unsettled')),
  "held_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "hour" TIMESTAMPTZ(0) NOT NULL,
  PRIMARY KEY ("environment_id", "decision_id")
);
CREATE INDEX "holds_by_run" ON "holds" ("environment_id", "run_id");
CREATE INDEX "holds_expiring" ON "holds" ("expires_at") WHERE "state" = 'held';

-- Of a run with its descendants; own_ of the run alone.
CREATE TABLE "run_spend" (
  "environment_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "steps" BIGINT NOT NULL DEFAULT 0,
  "tool_calls" BIGINT NOT NULL DEFAULT 0,
  "tokens" BIGINT NOT NULL DEFAULT 0,
  "micros" BIGINT NOT NULL DEFAULT 0,
  "held_tokens" BIGINT NOT NULL DEFAULT 0,
  "held_micros" BIGINT NOT NULL DEFAULT 0,
  "unsettled_tokens" BIGINT NOT NULL DEFAULT 0,
  "unsettled_micros" BIGINT NOT NULL DEFAULT 0,
  "own_model_calls" BIGINT NOT NULL DEFAULT 0,
  "own_tool_calls" BIGINT NOT NULL DEFAULT 0,
  "own_input" BIGINT NOT NULL DEFAULT 0,
  "own_output" BIGINT NOT NULL DEFAULT 0,
  "own_cached" BIGINT NOT NULL DEFAULT 0,
  "own_micros" BIGINT NOT NULL DEFAULT 0,
  "own_unpriced" BIGINT NOT NULL DEFAULT 0,
  "unique_calls" BIGINT NOT NULL DEFAULT 0,
  "writes_done" BIGINT NOT NULL DEFAULT 0,
  "stale_streak" BIGINT NOT NULL DEFAULT 0,
  "memory_writes" BIGINT NOT NULL DEFAULT 0,
  "memory_bytes" BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY ("environment_id", "run_id")
);

-- Of one stage, or one tool, in a run.
CREATE TABLE "run_parts" (
  "environment_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('stage', 'tool')),
  "key" TEXT NOT NULL,
  "calls" BIGINT NOT NULL DEFAULT 0,
  "retries" BIGINT NOT NULL DEFAULT 0,
  "tokens" BIGINT NOT NULL DEFAULT 0,
  "micros" BIGINT NOT NULL DEFAULT 0,
  "held_tokens" BIGINT NOT NULL DEFAULT 0,
  "held_micros" BIGINT NOT NULL DEFAULT 0,
  "unsettled_tokens" BIGINT NOT NULL DEFAULT 0,
  "unsettled_micros" BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY ("environment_id", "run_id", "kind", "key")
);

-- Settled calls of one fingerprint in a run, for telling repetition.
CREATE TABLE "run_calls" (
  "environment_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "tool" TEXT NOT NULL,
  "asked" INT NOT NULL DEFAULT 0,
  "streak" INT NOT NULL DEFAULT 0,
  "last_result" TEXT,
  "at_write" BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY ("environment_id", "run_id", "fingerprint")
);

-- Hour by hour what each agent, tenant, task type, tool and the environment used. Source: decisions, or spans of ungated runs.
CREATE TABLE "spend_hours" (
  "environment_id" TEXT NOT NULL,
  "scope_kind" TEXT NOT NULL,
  "scope_key" TEXT NOT NULL,
  "hour" TIMESTAMPTZ(0) NOT NULL,
  "source" TEXT NOT NULL CHECK ("source" IN ('decisions', 'spans')),
  "steps" BIGINT NOT NULL DEFAULT 0,
  "tool_calls" BIGINT NOT NULL DEFAULT 0,
  "tokens" BIGINT NOT NULL DEFAULT 0,
  "micros" BIGINT NOT NULL DEFAULT 0,
  "held_tokens" BIGINT NOT NULL DEFAULT 0,
  "held_micros" BIGINT NOT NULL DEFAULT 0,
  "unsettled_tokens" BIGINT NOT NULL DEFAULT 0,
  "unsettled_micros" BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY ("environment_id", "scope_kind", "scope_key", "hour", "source")
);

-- Every write by its idempotency key: what has happened in the world.
CREATE TABLE "effects" (
  "environment_id" TEXT NOT NULL,
  "effect_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "tenant_id" TEXT,
  "tool" TEXT NOT NULL,
  "connector" TEXT,
  "effect" TEXT NOT NULL,
  "args_hash" TEXT NOT NULL,
  "args_preview" TEXT,
  "status" TEXT NOT NULL CHECK ("status" IN ('claimed', 'done', 'not_done', 'unknown', 'prepared', 'committed', 'rolled_back')),
  "attempts" INT NOT NULL DEFAULT 1,
  "decision_id" TEXT NOT NULL,
  "approval_id" TEXT,
  "external_id" TEXT,
  "url" TEXT,
  "compensation" JSONB,
  "result" BYTEA,
  "result_hash" TEXT,
  "claimed_at" TIMESTAMPTZ(3) NOT NULL,
  "hold_until" TIMESTAMPTZ(3) NOT NULL,
  "settled_at" TIMESTAMPTZ(3),
  "window_until" TIMESTAMPTZ(3),
  "settled_by" TEXT,
  "settle_reason" TEXT,
  PRIMARY KEY ("environment_id", "effect_id")
);
CREATE INDEX "effects_by_key" ON "effects" ("environment_id", "key", "claimed_at" DESC);
CREATE INDEX "effects_by_run" ON "effects" ("environment_id", "run_id", "claimed_at");
CREATE INDEX "effects_recent" ON "effects" ("environment_id", "claimed_at" DESC, "effect_id" DESC);
CREATE INDEX "effects_open" ON "effects" ("environment_id", "status") WHERE "status" IN ('claimed', 'unknown', 'prepared');

CREATE TABLE "breakers" (
  "environment_id" TEXT NOT NULL,
  "tool" TEXT NOT NULL,
  "failures" BIGINT[] NOT NULL DEFAULT '{}',
  "opened_at" TIMESTAMPTZ(3),
  "open_until" TIMESTAMPTZ(3),
  "probe_decision" TEXT,
  "probe_until" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "tool")
);

-- Calls of a connector within the last minute: no 60 seconds hold more than the cap.
CREATE TABLE "rate_hits" (
  "environment_id" TEXT NOT NULL,
  "connector" TEXT NOT NULL,
  "decision_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "connector", "at", "decision_id")
);

CREATE TABLE "approvals" (
  "environment_id" TEXT NOT NULL,
  "approval_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "tenant_id" TEXT,
  "task_type" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "tool" TEXT,
  "model" TEXT,
  "connector" TEXT,
  "effect" TEXT,
  "subject_hash" TEXT NOT NULL,
  "args" TEXT,
  "question" JSONB NOT NULL,
  "decision_id" TEXT NOT NULL,
  "rule" TEXT NOT NULL,
  "says" TEXT NOT NULL,
  "policy_id" TEXT,
  "policy_version" INT,
  "ladder" JSONB NOT NULL,
  "stage" INT NOT NULL DEFAULT 0,
  "stage_due_at" TIMESTAMPTZ(3) NOT NULL,
  "remind_at" TIMESTAMPTZ(3),
  "reminded" INT NOT NULL DEFAULT 0,
  "break_glass_roles" TEXT[] NOT NULL DEFAULT '{admin}',
  "status" TEXT NOT NULL DEFAULT 'pending' CHECK ("status" IN ('pending', 'approved', 'denied', 'expired', 'cancelled', 'used')),
  "requested_key" TEXT,
  "requested_person" TEXT NOT NULL,
  "requested_name" TEXT NOT NULL,
  "requested_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "frozen_at" TIMESTAMPTZ(3),
  "settled_at" TIMESTAMPTZ(3),
  "settled_by" TEXT,
  "settled_person" TEXT,
  "settle_reason" TEXT,
  "effect_id" TEXT,
  "used_at" TIMESTAMPTZ(3),
  "broken_glass" BOOLEAN NOT NULL DEFAULT false,
  "review_state" TEXT CHECK ("review_state" IN ('open', 'closed')),
  "review_note" TEXT,
  "reviewed_by" TEXT,
  "reviewed_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "approval_id")
);
CREATE UNIQUE INDEX "approvals_pending_once" ON "approvals" ("environment_id", "run_id", "subject_hash", "kind") WHERE "status" = 'pending';
CREATE INDEX "approvals_by_run" ON "approvals" ("environment_id", "run_id", "requested_at");
CREATE INDEX "approvals_pending" ON "approvals" ("environment_id", "requested_at") WHERE "status" = 'pending';
CREATE INDEX "approvals_recent" ON "approvals" ("environment_id", "requested_at" DESC, "approval_id" DESC);
CREATE INDEX "approvals_similar" ON "approvals" ("environment_id", "tool", "requested_at" DESC);

CREATE TABLE "approval_votes" (
  "environment_id" TEXT NOT NULL,
  "approval_id" TEXT NOT NULL,
  "stage" INT NOT NULL,
  "voter" TEXT NOT NULL,
  "voter_name" TEXT NOT NULL,
  "verdict" TEXT NOT NULL CHECK ("verdict" IN ('approve', 'deny', 'abstain')),
  "reason" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "approval_id", "stage", "voter")
);

-- Soft and hard limits that were reached: once each a window.
CREATE TABLE "budget_events" (
  "environment_id" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "scope" TEXT NOT NULL,
  "window_start" TIMESTAMPTZ(3) NOT NULL,
  "limit_kind" TEXT NOT NULL CHECK ("limit_kind" IN ('soft', 'hard')),
  "metric" TEXT NOT NULL,
  "then" TEXT NOT NULL,
  "value" BIGINT NOT NULL,
  "amount" BIGINT NOT NULL,
  "run_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "acted" BOOLEAN NOT NULL DEFAULT false,
  "at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "source", "scope", "metric", "window_start", "limit_kind")
);
CREATE INDEX "budget_events_recent" ON "budget_events" ("environment_id", "at" DESC);
