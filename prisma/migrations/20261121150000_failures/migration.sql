-- What can go wrong here, how it would be known and who answers for it. Written by people.
CREATE TABLE "failures" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "category" TEXT NOT NULL,
  "regime" TEXT NOT NULL CHECK ("regime" IN ('single_call', 'agent')),
  "seen" JSONB,
  "symptom" TEXT NOT NULL DEFAULT '',
  "root_cause" TEXT NOT NULL DEFAULT '',
  "impact" TEXT NOT NULL DEFAULT '',
  "prediction" JSONB NOT NULL DEFAULT '{}',
  "triage" TEXT NOT NULL CHECK ("triage" IN ('pre_launch', 'after_first_incident')),
  "triage_reason" TEXT,
  "review_at" DATE,
  "review_told_on" DATE,
  "owner_id" TEXT,
  "runbook" JSONB,
  "stop_reasons" TEXT[] NOT NULL DEFAULT '{}',
  "agents" TEXT[] NOT NULL DEFAULT '{}',
  "revision" INTEGER NOT NULL DEFAULT 1,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("environment_id", "slug"),
  CHECK ("triage" = 'pre_launch' OR ("triage_reason" IS NOT NULL AND "review_at" IS NOT NULL))
);
CREATE INDEX "failures_review" ON "failures" ("review_at") WHERE "review_at" IS NOT NULL;

-- Every revision of an entry, its deletion among them. Append-only. Not in Prisma.
CREATE TABLE "failure_revisions" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "by_id" TEXT NOT NULL,
  "by_name" TEXT NOT NULL,
  "change" TEXT NOT NULL CHECK ("change" IN ('created', 'adopted', 'changed', 'incident', 'imported', 'deleted')),
  "note" TEXT,
  "changed" JSONB NOT NULL DEFAULT '[]',
  "entry" JSONB NOT NULL,
  PRIMARY KEY ("environment_id", "slug", "revision")
);

-- What an incident showed, beside what had been predicted by then.
CREATE TABLE "failure_actuals" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "incident_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "by_name" TEXT NOT NULL,
  "predicted" JSONB NOT NULL,
  "rule_fired" BOOLEAN NOT NULL,
  "minutes_early_or_late" DOUBLE PRECISION,
  "cost_micros" BIGINT,
  "impact" TEXT NOT NULL,
  "changes" TEXT NOT NULL,
  PRIMARY KEY ("environment_id", "slug", "incident_id")
);
