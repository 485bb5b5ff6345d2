-- How severe the question was when people were told of it, until they have been told how it ended.
ALTER TABLE "approvals" ADD COLUMN "told_as" TEXT;
UPDATE "approvals" SET "told_as" = CASE WHEN "effect" = 'irreversible' OR "stage" > 0 THEN 'high' ELSE 'warning' END
  WHERE "status" = 'pending' AND "told_stage" IS NOT NULL;
CREATE INDEX "approvals_end_to_tell" ON "approvals" ("settled_at") WHERE "told_as" IS NOT NULL AND "status" <> 'pending';

-- Two messages of one millisecond still come in the order in which they were told.
ALTER TABLE "notifications" ALTER COLUMN "at" TYPE TIMESTAMPTZ(6);
