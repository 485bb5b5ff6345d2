import { checklistsOf, writeChecklist } from "../evaluations";
import { putChecklistInput } from "../evaluations/schema";
import type { Sql } from "../platform/db/pool";
import { parse } from "../platform/verb";
import { type Add, type Fields, planKind, said } from "./plan";
import type { ConfigFile } from "./schema";

type Shown = { agent_ids: string[]; probes: Fields[]; note?: string | null | undefined };
const shown = ({ agent_ids, probes, note }: Shown): Fields => said({ agent_ids, probes: probes.map(said), note });

/** Which probes a new version has to pass; not what they showed. */
export async function ownChecklists(tx: Sql, environmentId: string): Promise<Map<string, Fields>> {
  const lists = await checklistsOf(tx, environmentId);
  return new Map(lists.map((l) => [l.runbook, shown(l)]));
}

export async function planChecklists(tx: Sql, environmentId: string, file: ConfigFile, add: Add): Promise<void> {
  if (!file.checklists) return;
  planKind(
    file.checklists,
    {
      kind: "checklist",
      section: "checklists",
      known: await ownChecklists(tx, environmentId),
      ready: (runbook, body) => parse(putChecklistInput, { runbook, ...body }),
      shown,
      write: writeChecklist,
    },
    add,
  );
}
