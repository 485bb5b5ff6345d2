import { rank } from "../controls";
import { read } from "../platform/verb";
import { checkDocument } from "../policies";
import { type DryRunShape, dryRunInput } from "./schema";
export const dryRun = read("policy.dry_run", {
  needs: "policies.read",
  input: dryRunInput,
  run: async ({ input }): Promise<DryRunShape> => {
    checkDocument(input.document);
    rank([], { agentId: null, taskType: null, tenantId: null });
    throw new Error("not yet");
  },
});
