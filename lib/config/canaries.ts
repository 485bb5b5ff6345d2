import { canariesOf, writeCanary } from "../evaluations";
import { type PutCanary, putCanaryInput } from "../evaluations/schema";
import type { Sql } from "../platform/db/pool";
import { parse } from "../platform/verb";
import { type Add, type Fields, planKind, said } from "./plan";
import type { ConfigFile } from "./schema";

const iso = (at: string | null | undefined): string | null => (at ? new Date(at).toISOString() : null);
const shown = ({ slug: _, started_at, ended_at, probes, ...c }: PutCanary): Fields =>
  said({ ...c, probes: probes.map(said), started_at: iso(started_at), ended_at: iso(ended_at) });

/** Every canary, with when it began and ended; not what it showed. */
export async function ownCanaries(tx: Sql, environmentId: string): Promise<Map<string, Fields>> {
  const rows = await canariesOf(tx, environmentId, null);
  return new Map(
    rows.map((c) => [
      c.slug,
      shown({
        slug: c.slug,
        agent_id: c.agent_id,
        baseline_version: c.baseline_version,
        canary_version: c.canary_version,
        percent_traffic: c.percent_traffic,
        probes: c.probes,
        note: c.note,
        started_at: c.started_at,
        ended_at: c.ended_at,
      }),
    ]),
  );
}

export async function planCanaries(tx: Sql, environmentId: string, file: ConfigFile, add: Add): Promise<void> {
  if (!file.canaries) return;
  const known = await ownCanaries(tx, environmentId);
  // Without a beginning it began when it did.
  const began = (slug: string) => (known.get(slug) ? { started_at: known.get(slug)?.started_at } : {});
  planKind(
    file.canaries,
    {
      kind: "canary",
      section: "canaries",
      known,
      ready: (slug, body) => parse(putCanaryInput, { ...began(slug), slug, ...body }),
      shown,
      write: writeCanary,
    },
    add,
  );
}
