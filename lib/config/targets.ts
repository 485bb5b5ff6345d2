import type { Sql } from "../platform/db/pool";
import { parse } from "../platform/verb";
import { targetRows, writeTarget } from "../readiness";
import { type PutTarget, putTargetInput } from "../readiness/schema";
import { type Add, type Fields, planKind, said } from "./plan";
import type { ConfigFile } from "./schema";

const shown = ({ slug: _, expected_marker: marker, service, ...t }: PutTarget): Fields =>
  said({
    ...t,
    expected_marker: said({ ...marker }),
    service: service?.deployment_env ? { deployment_env: service.deployment_env } : null,
  });

/** What is watched; neither what was found there nor its pictures. */
export async function ownTargets(tx: Sql, environmentId: string): Promise<Map<string, Fields>> {
  const rows = await targetRows(tx, environmentId);
  return new Map(
    rows.map((t) => [
      t.slug,
      shown({
        slug: t.slug,
        name: t.name,
        url: t.url,
        expected_marker: { kind: t.markerKind, name: t.markerName, value: t.markerValue },
        agent_ids: t.agentIds,
        service: { deployment_env: t.deploymentEnv },
        interval_s: t.intervalS,
        silent_after_s: t.silentAfterS,
      }),
    ]),
  );
}

export async function planTargets(tx: Sql, environmentId: string, file: ConfigFile, add: Add): Promise<void> {
  if (!file.targets) return;
  planKind(
    file.targets,
    {
      kind: "target",
      section: "targets",
      known: await ownTargets(tx, environmentId),
      ready: (slug, body) => parse(putTargetInput, { slug, ...body }),
      shown,
      write: writeTarget,
    },
    add,
  );
}
