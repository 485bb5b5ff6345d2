import { announce } from "../platform/announce";
import { matches } from "../platform/authz";
import { log } from "../platform/log";
import { get } from "../platform/outbound";
import { inTransaction, reader } from "../platform/verb";
import { enterProbe } from "./probe";
import type { Probe } from "./schema";
import { checklists, type Running, running } from "./store/canaries";
import * as store from "./store/probes";

const EVERY_S = 300;
const LONGEST_MS = 30_000;
const AT_ONCE = 8;
const A_TICK = 24;

type Due = { of: Running; probe: Probe & { url: string } };

const asked = (of: Running, probes: Probe[]): Due[] =>
  probes.flatMap((p) => (p.url === undefined ? [] : [{ of, probe: { ...p, url: p.url } }]));

/** Every address that canaries under way and the checklists of their agents name; one name is asked once. */
async function addresses(): Promise<Due[]> {
  const canaries = await running(reader().sql);
  const lists = new Map<string, Awaited<ReturnType<typeof checklists>>>();
  for (const id of new Set(canaries.map((c) => c.environment_id))) lists.set(id, await checklists(reader().sql, id));
  return canaries.flatMap((of) => {
    const more = (lists.get(of.environment_id) ?? [])
      .filter((l) => l.agent_ids.length === 0 || l.agent_ids.some((a) => matches(a, of.agent_id)))
      .flatMap((l) => l.probes);
    const own = asked(of, of.probes);
    const taken = new Set(own.map((d) => d.probe.name));
    return [...own, ...asked(of, more).filter((d) => !taken.has(d.probe.name) && taken.add(d.probe.name))];
  });
}

/** Asks one address; whatever is no answer is a failed probe that says why. */
async function look({ of, probe }: Due): Promise<void> {
  const began = performance.now();
  const timeoutMs = Math.min(LONGEST_MS, Math.max(5_000, (probe.max_latency_ms ?? 5_000) * 2));
  const said = await get(probe.url, { timeoutMs }).then(
    (answer) => ({ status: answer.status, detail: null }),
    (err: Error) => ({ status: null, detail: err.message.slice(0, 500) }),
  );
  const { status } = said;
  const ok =
    status !== null && (probe.expected_status ? status === probe.expected_status : status >= 200 && status < 300);
  const result = {
    canary: of.slug,
    runbook: null,
    agent_id: of.agent_id,
    version: of.version,
    name: probe.name,
    status: ok ? ("ok" as const) : ("failed" as const),
    latency_ms: Math.round(performance.now() - began),
    http_status: status,
    detail: ok ? null : (said.detail ?? `it answered ${status}`),
    run_id: null,
    source: "worker" as const,
  };
  await inTransaction((tx) => enterProbe(tx, of.environment_id, result, probe));
  announce(of.environment_id, "evaluations");
}

/** Asks the addresses that are due, a few at once. */
export async function runProbes(): Promise<void> {
  const due: Due[] = [];
  const next = await store.schedule(reader().sql);
  const waiting = (d: Due) => next.get(`${d.of.environment_id} ${d.of.slug} ${d.probe.name}`) ?? 0;
  // Whoever has waited longest goes first, so that many addresses starve none.
  for (const one of (await addresses()).sort((a, b) => waiting(a) - waiting(b))) {
    if (due.length >= A_TICK) break;
    const { environment_id, slug } = one.of;
    if (await store.claim(reader().sql, environment_id, slug, one.probe.name, one.probe.interval_s ?? EVERY_S))
      due.push(one);
  }
  for (let n = 0; n < due.length; n += AT_ONCE)
    await Promise.all(
      due
        .slice(n, n + AT_ONCE)
        .map((one) => look(one).catch((err: Error) => log.warn({ err: err.message }, "a probe was not written"))),
    );
  await store.forget(reader().sql);
}
