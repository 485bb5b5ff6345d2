import { boundBy } from "../controls";
import { glob } from "../platform/glob";
import type { PolicyDocument } from "./schema";

/** One version of a document that may speak for a call. */
export type Layer = { policyId: string; version: number; document: PolicyDocument };
export type Who = { agentId: string | null; taskType: string | null; tenantId: string | null };

export const HOW = [
  "lists intersect",
  "lists unite",
  "the lower",
  "the higher",
  "the strictest",
  "narrower wins",
  "all hold",
] as const;
export type How = (typeof HOW)[number];
/** One line of the effective policy: what holds, who said it, how it was chosen, and what was set aside. */
export type Line = {
  key: string;
  value: unknown;
  from: { policy_id: string; version: number }[];
  how: How;
  set_aside: { policy_id: string; version: number; value: unknown }[];
};

/** What nobody states. Permissions have no safe value: what no document allows is denied. */
export const SAFE: Record<string, unknown> = {
  "budgets.max_steps": 25,
  "budgets.max_seconds": 60,
  "budgets.max_tool_calls": 40,
  "budgets.max_usd": 1,
  "budgets.max_depth": 3,
  "budgets.max_children": 10,
  "loop_detection.repeated_calls_threshold": 3,
  "loop_detection.no_progress_threshold": 6,
  "tools.timeouts_s.default": 10,
  "tools.retries.max_attempts": 2,
  "tools.retries.retryable_status": [429, 500, 503, 504],
  "tools.retries.backoff_ms": [250, 750, 2000],
  "tools.circuit_breakers.enabled": true,
  "tools.circuit_breakers.failure_threshold": 5,
  "tools.circuit_breakers.window_seconds": 60,
  "tools.circuit_breakers.open_seconds": 30,
  "validation.input.strict": true,
  "validation.output.fail_closed": true,
  "models.unpriced": "deny",
  "goal.require_intent": false,
  "goal.out_of_scope": "require_approval",
  "approvals.ladder": [{ roles: ["approver"], quorum: 1, timeout_s: 3600, on_timeout: "escalate" }],
  "approvals.irreversible": true,
  "approvals.expires_s": 86_400,
  "approvals.max_pending": 20,
  "approvals.break_glass.roles": ["admin"],
};

type Rule = { at: string; how: How; each?: true; order?: readonly unknown[] };
/** How each key meets the same key of another document. `each`: a record, entry by entry. `order`: from lax to strict. */
const RULES: readonly Rule[] = [
  { at: "capabilities", how: "lists intersect" },
  { at: "tools.allow", how: "lists intersect" },
  { at: "tools.deny", how: "lists unite" },
  { at: "tools.idempotency_required", how: "lists unite" },
  { at: "tools.timeouts_s", how: "narrower wins", each: true },
  { at: "tools.retries", how: "narrower wins", each: true },
  { at: "tools.circuit_breakers", how: "narrower wins", each: true },
  { at: "tools.budgets.*.max_calls", how: "the lower" },
  { at: "tools.budgets.*.max_retries", how: "the lower" },
  { at: "tools.catalog.*.effect", how: "the strictest", order: ["read", "write", "irreversible"] },
  { at: "tools.catalog.*.reversible", how: "the strictest", order: [true, false] },
  { at: "tools.catalog.*.connector", how: "narrower wins" },
  { at: "tools.catalog.*.capability", how: "narrower wins" },
  { at: "tools.catalog.*.output_schema", how: "narrower wins" },
  { at: "tools.catalog.*.compensation", how: "narrower wins" },
  { at: "tools.catalog.*.idempotency", how: "narrower wins" },
  { at: "connectors.*.role", how: "the strictest", order: ["full", "write-limited", "read-only"] },
  { at: "connectors.*.rate_limit_per_min", how: "the lower" },
  { at: "connectors.*.credentials", how: "lists intersect" },
  { at: "approval_thresholds", how: "the lower", each: true },
  { at: "conditions", how: "all hold" },
  { at: "validators", how: "all hold" },
  { at: "validation.input", how: "the strictest", each: true, order: [false, true] },
  { at: "validation.output", how: "the strictest", each: true, order: [false, true] },
  { at: "logging.redact", how: "lists unite" },
  { at: "logging.include", how: "lists unite" },
  { at: "logging.level", how: "narrower wins" },
  { at: "logging.structured", how: "narrower wins" },
  { at: "budgets.soft", how: "narrower wins" },
  { at: "budgets", how: "the lower", each: true },
  { at: "loop_detection.exempt_tools", how: "narrower wins" },
  { at: "loop_detection", how: "the lower", each: true },
  { at: "output", how: "the higher", each: true },
  { at: "stages.*.max_tokens", how: "the lower" },
  { at: "stages.*.max_usd", how: "the lower" },
  { at: "models.allow", how: "lists intersect" },
  { at: "models.deny", how: "lists unite" },
  { at: "models.routes", how: "narrower wins", each: true },
  { at: "models.downgrade", how: "narrower wins", each: true },
  { at: "models.unpriced", how: "the strictest", order: ["allow", "deny"] },
  { at: "context", how: "the lower", each: true },
  { at: "memory.scopes", how: "lists intersect" },
  { at: "memory", how: "the lower", each: true },
  { at: "goal.scope", how: "lists intersect" },
  { at: "goal.require_intent", how: "the strictest", order: [false, true] },
  { at: "goal.out_of_scope", how: "the strictest", order: ["require_approval", "deny"] },
  { at: "approvals.ladder", how: "narrower wins" },
  { at: "approvals.irreversible", how: "the strictest", order: [false, true] },
  { at: "approvals.expires_s", how: "narrower wins" },
  { at: "approvals.max_pending", how: "the lower" },
  { at: "approvals.break_glass.roles", how: "narrower wins" },
  { at: "safe_mode.enabled", how: "the strictest", order: [false, true] },
  { at: "safe_mode.allowed_tools", how: "lists intersect" },
  { at: "on_stale", how: "the strictest", order: ["continue", "safe_mode", "stop"] },
];

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === "object" && v !== null && !Array.isArray(v);

/** Names have dots (`search.read`), so a path is a list; shown with dots. */
type Path = readonly string[];
const look = (document: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), document);

/** The paths that a rule speaks of in these documents. */
function pathsOf(rule: Rule, layers: readonly Layer[]): Path[] {
  const parts = rule.at.split(".");
  const star = rule.each ? parts.length : parts.indexOf("*");
  if (star === -1) return [parts];
  const head = parts.slice(0, star);
  const names = new Set<string>();
  for (const { document } of layers) {
    const record = look(document, head);
    if (isObject(record)) for (const name of Object.keys(record)) names.add(name);
  }
  for (const safe of Object.keys(SAFE)) {
    const name = rule.each && safe.startsWith(`${rule.at}.`) ? safe.slice(rule.at.length + 1) : "";
    if (name !== "" && !name.includes(".")) names.add(name);
  }
  return [...names].map((name) => [...head, name, ...parts.slice(star + 1)]);
}

type Said = { layer: Layer; value: unknown };

/** A mark of people (["requires_approval"]) is stricter than any number. */
const least = (v: unknown): number => (Array.isArray(v) ? Number.NEGATIVE_INFINITY : Number(v));

function chosen({ how, order }: Rule, said: readonly Said[]): { value: unknown; by: Said[] } {
  const [first] = said;
  if (!first) return { value: undefined, by: [] };
  const best = (better: (a: unknown, b: unknown) => boolean): { value: unknown; by: Said[] } => {
    const winner = said.reduce((a, b) => (better(b.value, a.value) ? b : a));
    return { value: winner.value, by: [winner] };
  };
  switch (how) {
    case "the lower":
      return best((a, b) => least(a) < least(b));
    case "the higher":
      return best((a, b) => Number(a) > Number(b));
    case "the strictest":
      return best((a, b) => (order?.indexOf(a) ?? 0) > (order?.indexOf(b) ?? 0));
    case "lists unite":
      return { value: [...new Set(said.flatMap((s) => s.value as string[]))], by: [...said] };
    case "all hold":
      return { value: said.flatMap((s) => s.value as unknown[]), by: [...said] };
    case "lists intersect": {
      const lists = said.map((s) => ({ names: s.value as string[], fits: glob(s.value as string[]) }));
      const names = new Set(lists.flatMap((l) => l.names));
      return { value: [...names].filter((name) => lists.every((l) => l.fits(name) !== -1)), by: [...said] };
    }
    case "narrower wins":
      return { value: first.value, by: [first] };
  }
}

/** What was said and does not hold: whole values, or of lists that meet the names that dropped out. */
function asideOf(
  how: How,
  said: readonly Said[],
  by: readonly Said[],
  value: unknown,
): { said: Said; value: unknown }[] {
  if (how !== "lists intersect") return said.filter((s) => !by.includes(s)).map((s) => ({ said: s, value: s.value }));
  const held = new Set(value as string[] | undefined);
  return said.flatMap((s) => {
    const dropped = (s.value as string[]).filter((name) => !held.has(name));
    return dropped.length > 0 ? [{ said: s, value: dropped }] : [];
  });
}

/** Every key that holds for somebody whom these documents bind, narrowest first, with where it comes from. */
export function linesOf(layers: readonly Layer[]): Line[] {
  const lines = new Map<string, Line>();
  for (const rule of RULES)
    for (const path of pathsOf(rule, layers)) {
      const key = path.join(".");
      if (lines.has(key)) continue;
      const said = layers.flatMap((layer) => {
        const value = look(layer.document, path);
        return value === undefined ? [] : [{ layer, value }];
      });
      const { value, by } = chosen(rule, said);
      const held = value === undefined ? SAFE[key] : value;
      if (held === undefined) continue;
      const named = ({ layer }: Said) => ({ policy_id: layer.policyId, version: layer.version });
      lines.set(key, {
        key,
        value: held,
        from: by.map(named),
        how: rule.how,
        set_aside: asideOf(rule.how, said, by, value).map((s) => ({ ...named(s.said), value: s.value })),
      });
    }
  return [...lines.values()];
}

type InForce = { enforced: readonly Layer[]; observed: readonly Layer[] };

/**
 * The documents that speak for somebody, narrowest first: those that decide, and those that look on. Where only lookers bind,
 * nothing is blocked. The environment's default speaks only where no other document does, in either state.
 */
export function speaking({ enforced, observed }: InForce, who: Who): { enforcing: Layer[]; looking: Layer[] } {
  const looks = new Set(observed);
  const all = boundBy(
    [...enforced, ...observed],
    (l) => l.document.bindings,
    (l) => l.policyId,
    who,
  );
  return { enforcing: all.filter((l) => !looks.has(l)), looking: all.filter((l) => looks.has(l)) };
}
