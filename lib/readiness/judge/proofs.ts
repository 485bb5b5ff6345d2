import type { Facts } from "./facts";
import { counted, type Judged, judged, list, type Part } from "./part";

const day = (at: string | Date): string => new Date(at).toISOString().slice(0, 10);
const NO_VERSION = "Not known: the agent names no version";
const evaluations = (f: Facts): string => `/evaluations?agent=${encodeURIComponent(f.agentId)}`;

function killSwitch(f: Facts): Part {
  const { stop } = f;
  const path = stop && `/controls/${encodeURIComponent(stop.switch_id)}`;
  const mend: [string, string] = ["Run a drill", `/controls?drill=${encodeURIComponent(f.agentId)}`];
  if (!stop) return { ok: null, say: "Not known: no stop of it was tried within 90 days", mend };
  const kind = stop.drill ? "drill" : "stop";
  const what = stop.runs > 0 ? counted(stop.runs, "run") : counted(stop.instances, "instance");
  return stop.confirmed
    ? { ok: true, say: `A ${kind} by ${stop.by} on ${day(stop.at)} was confirmed: ${what}`, path }
    : {
        ok: false,
        say: `The ${kind} by ${stop.by} on ${day(stop.at)} was not confirmed: ${what} asked`,
        path,
        mend: ["See who did not obey", path ?? ""],
      };
}

function goldenTasks(f: Facts): Part {
  if (f.version === null) return { ok: null, say: NO_VERSION, mend: ["Name its version", "/connect"] };
  const at = f.card?.versions.findIndex((v) => v.version === f.version) ?? -1;
  const column = f.card?.versions[at];
  const mend: [string, string] = ["Run the chaos harness", evaluations(f)];
  if (!column || !f.card) return { ok: null, say: `Not known: the chaos harness has not tried ${f.version}`, mend };
  const named = (state: string) => (f.card?.tasks ?? []).filter((t) => t.cells[at]?.state === state).map((t) => t.task);
  const all = column.passed + column.failed + column.not_run;
  if (column.failed > 0)
    return {
      ok: false,
      say: `${column.failed} of ${counted(all, "golden task")} ended otherwise than expected: ${list(named("fail"))}`,
      mend,
    };
  if (column.not_run > 0)
    return {
      ok: null,
      say: `Not known: ${column.not_run} of ${counted(all, "golden task")} was not run with ${f.version}: ${list(named("not run"))}`,
      mend,
    };
  return { ok: true, say: `${counted(all, "golden task")} ended as expected`, path: evaluations(f) };
}

function releaseProbes(f: Facts): Part {
  if (f.version === null) return { ok: null, say: NO_VERSION, mend: ["Name its version", "/connect"] };
  const path = `${evaluations(f)}&view=checklists`;
  const { items, counts } = f.checklist ?? { items: [], counts: { pass: 0, fail: 0, too_slow: 0, not_run: 0 } };
  if (items.length === 0)
    return { ok: null, say: "Not known: no release checklist names a probe for it", mend: ["Write a checklist", path] };
  const bad = items.filter((i) => i.state === "fail" || i.state === "too slow");
  if (bad.length > 0)
    return {
      ok: false,
      say: `${bad.length} of ${counted(items.length, "probe")} did not pass: ${list(bad.map((b) => b.name))}`,
      mend: ["See the probes", path],
    };
  if (counts.not_run > 0)
    return {
      ok: null,
      say: `Not known: ${counts.not_run} of ${counted(items.length, "probe")} was not run with ${f.version}`,
      mend: ["Run the probes", path],
    };
  return { ok: true, say: `${counted(items.length, "probe")} passed`, path };
}

export const proofs = (f: Facts): Judged[] => [
  judged({ check: "kill_switch", group: "proof", title: "A stop was tried, and it obeyed" }, [killSwitch(f)]),
  judged({ check: "golden_tasks", group: "proof", title: "Golden tasks end as expected" }, [goldenTasks(f)]),
  judged({ check: "release_probes", group: "proof", title: "The release checklist is passed" }, [releaseProbes(f)]),
];
