import type { Facts, Held } from "./facts";
import { type Judged, list, type Part } from "./part";
import { effectivePath, enforced, everywhere, said, value } from "./policy";
import { question, runPath } from "./question";

function credential(f: Facts): Part {
  const own = [...f.credentials].filter(([, agents]) => agents.has(f.agentId));
  if (own.length === 0)
    return {
      ok: null,
      say: "Not known: nobody says which credential it uses (credential_ref of its decisions, 30 days)",
      mend: ["Name it in its decisions", "/connect"],
    };
  const shared = own.flatMap(([ref, agents]) => [...agents].filter((a) => a !== f.agentId).map((a) => ({ ref, a })));
  const [one] = shared;
  return one
    ? {
        ok: false,
        say: `It shares ${one.ref} with ${list([...new Set(shared.map((s) => s.a))])}`,
        mend: ["Open the other agent", `/agents/${encodeURIComponent(one.a)}`],
      }
    : {
        ok: true,
        say: `It alone uses ${list(own.map(([ref]) => ref))} (30 days)`,
        path: `/agents/${encodeURIComponent(f.agentId)}`,
      };
}
const CONNECTOR = /^connectors\.(.+)\.role$/;
export const credentials = (f: Facts): Judged => {
  const roles = (h: Held) =>
    [...h.lines].flatMap(([key, line]) =>
      CONNECTOR.test(key) && line.said ? [`${CONNECTOR.exec(key)?.[1]} ${String(line.value)}`] : [],
    );
  return question(5, "credentials", "Does it run on a credential of its own, with a role?", [
    credential(f),
    everywhere(
      f,
      (h) => roles(h).length > 0,
      `Its policy gives connectors a role: ${list(f.held[0] ? roles(f.held[0]) : [])}`,
      "Its policy gives no connector a role",
    ),
  ]);
};

const names = (h: Held, key: string): string[] => (said(h, key) ? (value(h, key) as string[]) : []);
const stated = (h: Held): boolean =>
  [names(h, "tools.allow"), names(h, "capabilities")].some((all) => all.length > 0 && !all.includes("*"));
function contract(f: Facts): Part {
  const scope = f.held.every((h) => names(h, "goal.scope").length > 0);
  if (scope && f.held[0])
    return {
      ok: true,
      say: `Its policy states goal.scope: ${list(names(f.held[0], "goal.scope"))}`,
      path: effectivePath(f),
    };
  if (f.runs?.scoped) return { ok: true, say: "Its runs are opened with a scope", path: runPath(f.runs.scoped) };
  return {
    ok: false,
    say: "Neither its policy (goal.scope) nor its runs (scope) say what its goal may touch",
    mend: ["Open its policy", effectivePath(f)],
  };
}
export const scope = (f: Facts): Judged =>
  question(6, "scope", "What prevents it from widening its own scope?", [
    ...enforced(f),
    everywhere(
      f,
      stated,
      "Capabilities or tools are stated; what is not stated is denied",
      f.held.some((h) => names(h, "tools.allow").includes("*"))
        ? "tools.allow is *, which states nothing"
        : "Neither capabilities nor tools.allow are stated",
    ),
    contract(f),
    everywhere(
      f,
      (h) => h.mode === "enforce" && value(h, "approvals.irreversible") === true,
      "Irreversible tools ask a person",
      "Irreversible tools ask nobody",
    ),
  ]);
