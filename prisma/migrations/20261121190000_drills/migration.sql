-- A drill stops one agent for real, to prove that it can be stopped. Not in Prisma.
CREATE TABLE "drills" (
  "environment_id" TEXT NOT NULL,
  "drill_id" TEXT NOT NULL,
  "agent_id" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  -- None: it was due and could not be started.
  "switch_id" TEXT,
  "started_by" TEXT NOT NULL,
  "scheduled" BOOLEAN NOT NULL,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('running', 'proven', 'failed')),
  "detail" TEXT,
  -- The instances that were heard when it began: all of them must confirm.
  "connected" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "runs" INT NOT NULL DEFAULT 0,
  "instances_seen" INT NOT NULL DEFAULT 0,
  "instances_confirmed" INT NOT NULL DEFAULT 0,
  "runs_confirmed" INT NOT NULL DEFAULT 0,
  "laggards" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "slowest_instance" TEXT,
  "slowest_seen_ms" INT,
  "confirmed_ms" INT,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "deadline_at" TIMESTAMPTZ(3) NOT NULL,
  "seen_at" TIMESTAMPTZ(3),
  "confirmed_at" TIMESTAMPTZ(3),
  "released_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("environment_id", "drill_id")
);
CREATE UNIQUE INDEX "drills_running" ON "drills" ("environment_id", "agent_id") WHERE "outcome" = 'running';
CREATE INDEX "drills_started" ON "drills" ("environment_id", "started_at" DESC, "drill_id" DESC);
CREATE INDEX "drills_switch" ON "drills" ("environment_id", "switch_id");

-- The schedule of drills, and when the next is due.
ALTER TABLE "control_heads" ADD COLUMN "drill" JSONB, ADD COLUMN "drill_at" TIMESTAMPTZ(3);
