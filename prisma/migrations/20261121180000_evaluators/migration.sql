-- Who is asked what a run is worth, once it has ended: a model behind an address of a person's choice.
CREATE TABLE "evaluators" (
  "environment_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "agent_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "task_types" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "sample" DOUBLE PRECISION NOT NULL DEFAULT 1,
  "timeout_s" INTEGER NOT NULL DEFAULT 20,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "note" TEXT,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "evaluators_pkey" PRIMARY KEY ("environment_id","slug")
);

-- Which runs were put to it, and what came of it. Not in Prisma.
CREATE TABLE "evaluator_runs" (
  "environment_id" TEXT NOT NULL,
  "evaluator" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "state" TEXT NOT NULL CHECK ("state" IN ('asked', 'scored', 'failed')),
  "attempts" INT NOT NULL DEFAULT 1,
  "detail" TEXT,
  "next_at" TIMESTAMPTZ(3) NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  PRIMARY KEY ("environment_id", "evaluator", "run_id")
);
CREATE INDEX "evaluator_runs_due" ON "evaluator_runs" ("next_at") WHERE "state" = 'asked';
