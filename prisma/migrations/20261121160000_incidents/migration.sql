-- What went wrong, who leads, and what was learnt. Written by people, opened by them or by an alert.
CREATE TABLE "incidents" (
  "environment_id" TEXT NOT NULL,
  "incident_id" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "severity" TEXT NOT NULL CHECK ("severity" IN ('warning', 'high', 'critical')),
  "status" TEXT NOT NULL DEFAULT 'open' CHECK ("status" IN ('open', 'mitigated', 'resolved', 'closed')),
  "category" TEXT,
  "failure" TEXT,
  "agent_id" TEXT,
  "commander_id" TEXT,
  "commander_since" TIMESTAMPTZ(3),
  "from_alert" BOOLEAN NOT NULL DEFAULT false,
  "opened_by" TEXT NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "detected_at" TIMESTAMPTZ(3) NOT NULL,
  "stopped_at" TIMESTAMPTZ(3),
  "resolved_at" TIMESTAMPTZ(3),
  "closed_at" TIMESTAMPTZ(3),
  "closed_by" TEXT,
  "recurrence_of" TEXT,
  "unnamed" BOOLEAN NOT NULL DEFAULT false,
  "what_happened" TEXT NOT NULL DEFAULT '',
  "root_cause" TEXT NOT NULL DEFAULT '',
  "what_helped" TEXT NOT NULL DEFAULT '',
  "what_hindered" TEXT NOT NULL DEFAULT '',
  "actual" JSONB,
  "policy_change" JSONB,
  "rule_change" JSONB,
  "regression_case" JSONB,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("environment_id", "incident_id")
);
CREATE UNIQUE INDEX "incidents_number" ON "incidents" ("environment_id", "number" DESC);
CREATE INDEX "incidents_by_category" ON "incidents" ("environment_id", "category", "number" DESC);

-- What people found of each write when they looked.
CREATE TABLE "incident_effects" (
  "environment_id" TEXT NOT NULL,
  "incident_id" TEXT NOT NULL,
  "effect_id" TEXT NOT NULL,
  "verdict" TEXT NOT NULL CHECK ("verdict" IN ('right', 'compensated', 'accepted', 'not_done')),
  "note" TEXT NOT NULL DEFAULT '',
  "ledger_status" TEXT NOT NULL,
  "by_id" TEXT NOT NULL,
  "by_name" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("environment_id", "incident_id", "effect_id")
);

-- The last number given. Its row is the lock of whoever opens one. Not in Prisma, like what follows.
CREATE TABLE "incident_heads" (
  "environment_id" TEXT NOT NULL PRIMARY KEY,
  "last" INTEGER NOT NULL DEFAULT 0
);
-- Runs that people named; those of its alerts are found by the alerts.
CREATE TABLE "incident_runs" (
  "environment_id" TEXT NOT NULL,
  "incident_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "incident_id", "run_id")
);
-- What was done about it, and what people noted. Append-only.
CREATE TABLE "incident_events" (
  "environment_id" TEXT NOT NULL,
  "incident_id" TEXT NOT NULL,
  "event_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "kind" TEXT NOT NULL,
  "says" TEXT NOT NULL,
  "path" TEXT,
  "by_id" TEXT NOT NULL,
  "by_name" TEXT NOT NULL,
  PRIMARY KEY ("environment_id", "incident_id", "event_id")
);
CREATE INDEX "alerts_of_incident" ON "alerts" ("environment_id", "incident_id") WHERE "incident_id" IS NOT NULL;
