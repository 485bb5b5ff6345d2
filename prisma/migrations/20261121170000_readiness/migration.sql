-- What we watch as production, and the marker that proves which production it is. Written by people.
CREATE TABLE "watched_targets" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "marker_kind" TEXT NOT NULL CHECK ("marker_kind" IN ('header', 'body', 'json_path')),
  "marker_name" TEXT,
  "marker_value" TEXT NOT NULL,
  "agent_ids" TEXT[] NOT NULL DEFAULT '{}',
  "deployment_env" TEXT,
  "interval_s" INTEGER NOT NULL,
  "silent_after_s" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("environment_id", "slug")
);

-- A condition of the gate that a person answers for instead, until a day. Kept after it has lapsed or was taken back.
CREATE TABLE "readiness_waivers" (
  "environment_id" TEXT NOT NULL,
  "waiver_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "check_slug" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "until" DATE NOT NULL,
  "by_id" TEXT NOT NULL,
  "by_name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revoked_at" TIMESTAMPTZ(3),
  "revoked_by_name" TEXT,
  "revoke_reason" TEXT,
  PRIMARY KEY ("environment_id", "waiver_id")
);
CREATE INDEX "readiness_waivers_of_agent" ON "readiness_waivers" ("environment_id", "agent_id", "created_at" DESC);

-- What follows is the worker's own, or append-only. Not in Prisma.
CREATE TABLE "target_watch" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "next_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  "alert_id" TEXT,
  PRIMARY KEY ("environment_id", "slug")
);
CREATE INDEX "target_watch_due" ON "target_watch" ("next_at");

CREATE TABLE "target_checks" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
  -- Of the target that was looked at: what was asked of another address proves nothing of this one.
  "revision" INTEGER NOT NULL,
  "ok" BOOLEAN NOT NULL,
  "matched" BOOLEAN,
  "status" INT,
  "latency_ms" INT,
  "found" TEXT,
  "error" TEXT,
  PRIMARY KEY ("environment_id", "slug", "at")
);
CREATE INDEX "target_checks_old" ON "target_checks" ("at");

CREATE TABLE "target_screenshots" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
  "by_id" TEXT NOT NULL,
  "by_name" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "content_type" TEXT NOT NULL CHECK ("content_type" IN ('image/png', 'image/jpeg')),
  "bytes" BYTEA NOT NULL,
  -- The product's own list of targets as it stood then.
  "listed" JSONB NOT NULL,
  PRIMARY KEY ("environment_id", "slug", "at")
);

-- What the gate said last, so that a change is told once.
CREATE TABLE "readiness_gates" (
  "environment_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "ready" BOOLEAN NOT NULL,
  "blocking" TEXT[] NOT NULL DEFAULT '{}',
  "since" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "judged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "agent_id", "version")
);

-- Which agents have used which credential, gathered from decisions once: a month of them is not read at each look.
CREATE TABLE "credential_uses" (
  "environment_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "credential_ref" TEXT NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id", "agent_id", "credential_ref")
);
CREATE TABLE "credential_harvest" (
  "environment_id" TEXT NOT NULL,
  "until" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("environment_id")
);
