import type { Api } from "../../api.js";
import { isObject } from "../rpc.js";
import type { Allowed } from "../view.js";

const listOf = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : null;

/** The lists of tools of the policy that holds, as far as the key may read it (scope `read`): for what is shown, never for what may be done. */
export const policyOf =
  (api: Api, about: { taskType: string; tenantId?: string }) => async (): Promise<Allowed | null> => {
    const who = new URLSearchParams({
      agent_id: api.settings.agentId,
      task_type: about.taskType,
      ...(about.tenantId ? { tenant_id: about.tenantId } : {}),
    });
    const answer = await api.call("GET", `v1/policies/effective?${who}`);
    const { lines, mode } = answer.body;
    if (answer.status !== 200 || !Array.isArray(lines) || mode === "observe") return null;
    const said = (key: string) => lines.find((line: unknown) => isObject(line) && line.key === key)?.value;
    return { allow: listOf(said("tools.allow")), deny: listOf(said("tools.deny")) ?? [] };
  };
