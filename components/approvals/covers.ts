import type { ApprovalShape } from "@/lib/approvals/schema";
import type { SwitchShape } from "@/lib/controls/schema";

/** Does this switch hold or narrow the call that is asked for? */
export const covers = (set: SwitchShape, of: ApprovalShape): boolean => {
  const { kind, key } = set.scope;
  switch (kind) {
    case "environment":
      return true;
    case "agent":
      return key === of.agent_id;
    case "tenant":
      return key === of.tenant_id;
    case "task_type":
      return key === of.task_type;
    case "run":
      return key === of.run_id;
    case "tool":
      return key === of.tool;
    case "connector":
      return key === of.connector;
  }
};
