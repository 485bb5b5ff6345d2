-- Where people are told. Written by people; its secrets are sealed.
CREATE TABLE "channels" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('slack', 'webhook', 'email', 'pagerduty')),
  "name" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "min_severity" TEXT NOT NULL DEFAULT 'info',
  "topics" TEXT[] NOT NULL DEFAULT '{}',
  "agent_ids" TEXT[] NOT NULL DEFAULT '{}',
  "target" JSONB NOT NULL,
  "sealed" BYTEA,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("environment_id", "slug")
);

-- What follows is written by jobs and by whoever has something to tell, in their own transaction. Not in Prisma.
CREATE TABLE "notifications" (
  "environment_id" TEXT NOT NULL,
  "notification_id" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "severity" TEXT NOT NULL CHECK ("severity" IN ('info', 'warning', 'high', 'critical')),
  "event" TEXT NOT NULL CHECK ("event" IN ('opened', 'reminder', 'updated', 'resolved')),
  "dedupe_key" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  "path" TEXT NOT NULL,
  "link_path" TEXT,
  "agent_id" TEXT,
  "facts" JSONB NOT NULL DEFAULT '[]',
  "acknowledged" BOOLEAN NOT NULL DEFAULT false,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "spread_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "notification_id")
);
CREATE INDEX "notifications_to_spread" ON "notifications" ("at") WHERE "spread_at" IS NULL;
CREATE INDEX "notifications_old" ON "notifications" ("at");

-- Each message for each channel that takes it. A digest is a delivery without a message of its own; its members name it.
CREATE TABLE "deliveries" (
  "environment_id" TEXT NOT NULL,
  "delivery_id" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "urgent" BOOLEAN NOT NULL,
  "notification_id" TEXT,
  "digest_id" TEXT,
  "state" TEXT NOT NULL DEFAULT 'queued' CHECK ("state" IN ('queued', 'sent', 'failed', 'dead')),
  "attempts" INT NOT NULL DEFAULT 0,
  "tries_left" INT NOT NULL DEFAULT 8,
  "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "claimed_until" TIMESTAMPTZ(3),
  "last_error" TEXT,
  "last_status" INT,
  "answer_ms" INT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "sent_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "delivery_id")
);
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" ("environment_id", "notification_id", "channel");
CREATE INDEX "deliveries_due" ON "deliveries" ("next_at") WHERE "state" IN ('queued', 'failed') AND "digest_id" IS NULL;
CREATE INDEX "deliveries_recent" ON "deliveries" ("environment_id", "created_at" DESC, "delivery_id" DESC);
CREATE INDEX "deliveries_of_channel" ON "deliveries" ("environment_id", "channel", "created_at" DESC);
CREATE INDEX "deliveries_of_digest" ON "deliveries" ("environment_id", "digest_id") WHERE "digest_id" IS NOT NULL;
CREATE INDEX "deliveries_old" ON "deliveries" ("created_at");

-- What has been told already, on the rows themselves: told once, in the transaction that tells it.
ALTER TABLE "approvals" ADD COLUMN "told_stage" INT;
CREATE INDEX "approvals_to_tell" ON "approvals" ("requested_at") WHERE "status" = 'pending' AND "told_stage" IS DISTINCT FROM "stage";
ALTER TABLE "budget_events" ADD COLUMN "told" BOOLEAN NOT NULL DEFAULT false;
UPDATE "budget_events" SET "told" = true;
CREATE INDEX "budget_events_to_tell" ON "budget_events" ("at") WHERE NOT "told";
ALTER TABLE "switches" ADD COLUMN "told" BOOLEAN NOT NULL DEFAULT false, ADD COLUMN "due_told" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "switches_to_look_at" ON "switches" ("expires_at") WHERE "mode" = 'stop' AND "released_at" IS NULL AND NOT "due_told";
