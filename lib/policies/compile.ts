import { type Cel, celOf } from "../platform/cel";
import { type Glob, glob } from "../platform/glob";
import { type Layer, type Line, linesOf } from "./effective";
import type { CatalogEntry, Condition, ConnectorRole, Effect, LadderStage, PolicyDocument, Validator } from "./schema";

export type PolicyRef = { id: string; version: number };
/** A list of one document, with the place that each rule is named by. */
export type ListOf = { ref: PolicyRef; key: string; fits: Glob };
type Rule<T> = T & { ref: PolicyRef; key: string; judge: Cel; fits: Glob };
export type Threshold = { ref: PolicyRef; key: string; effect: Effect; fact: string; above: number | null };

/** What holds for one agent, task type and tenant: every list and number ready to be asked. Built once, kept by revision. */
export type Compiled = {
  /** The narrowest document; null: no document binds, and everything is denied. */
  ref: PolicyRef | null;
  refs: PolicyRef[];
  lines: Line[];
  allow: ListOf[];
  deny: ListOf[];
  capabilities: ListOf[];
  /** Documents with capabilities and no tools.allow: they allow tools by capability. */
  byCapability: ListOf[];
  catalog: ReadonlyMap<string, CatalogEntry>;
  idempotencyRequired: Glob;
  connectors: ReadonlyMap<string, { role: ConnectorRole; perMin: number | null; credentials: ListOf[] }> | null;
  thresholds: Threshold[];
  conditions: Rule<Condition>[];
  validators: Rule<Validator>[];
  models: {
    allow: ListOf[];
    deny: ListOf[];
    routes: Record<string, string[]>;
    downgrade: Record<string, string>;
    unpriced: "deny" | "allow";
  };
  goal: { scope: ListOf[]; requireIntent: boolean; outOfScope: "deny" | "require_approval" };
  memory: { scopes: ListOf[]; maxWrites: number | null; maxBytes: number | null };
  output: Record<string, number>;
  context: { maxInput: number | null };
  budgets: {
    steps: number | null;
    seconds: number | null;
    toolCalls: number | null;
    micros: number | null;
    tokens: number | null;
    uniqueCalls: number | null;
    depth: number | null;
    children: number | null;
    concurrentRuns: number | null;
    soft: { at: number; then: "alert" | "downgrade" | "safe_mode" } | null;
    tools: ReadonlyMap<string, { calls: number | null; retries: number | null }>;
    stages: ReadonlyMap<string, { tokens: number | null; micros: number | null }>;
  };
  loops: { repeated: number; noProgress: number; exempt: Glob };
  timeoutS: (tool: string) => number;
  modelTimeoutS: number;
  retries: { attempts: number; status: number[]; backoffMs: number[] };
  breaker: { threshold: number; windowMs: number; openMs: number } | null;
  approvals: {
    ladder: LadderStage[];
    irreversible: boolean;
    expiresS: number;
    maxPending: number;
    breakGlass: string[];
  };
  safeMode: { enabled: boolean; allowed: ListOf[] };
  outputFailsClosed: boolean;
};

const listsOf = (layers: readonly Layer[], key: string, pick: (d: PolicyDocument) => string[] | undefined): ListOf[] =>
  layers.flatMap(({ policyId, version, document }) => {
    const list = pick(document);
    return list ? [{ ref: { id: policyId, version }, key, fits: glob(list) }] : [];
  });

const rulesOf = <T extends { tool?: string; when?: string; expression?: string }>(
  layers: readonly Layer[],
  key: "conditions" | "validators",
): Rule<T>[] =>
  layers.flatMap(({ policyId, version, document }) =>
    ((document[key] ?? []) as unknown as T[]).map((rule, n) => ({
      ...rule,
      ref: { id: policyId, version },
      key: `${key}[${n}]`,
      judge: celOf(rule.when ?? rule.expression ?? "true"),
      fits: glob([rule.tool ?? "*"]),
    })),
  );

function thresholdsOf(layers: readonly Layer[]): Threshold[] {
  const lowest = new Map<string, Threshold>();
  for (const { policyId, version, document } of layers)
    for (const [key, limit] of Object.entries(document.approval_thresholds ?? {})) {
      const [effect = "write", fact = ""] = key.split(/:(.*)/s);
      const above = typeof limit === "number" ? limit : null;
      const known = lowest.get(key);
      if (known && (known.above === null || (above !== null && above >= known.above))) continue;
      const ref = { id: policyId, version };
      lowest.set(key, { ref, key: `approval_thresholds.${key}`, effect: effect as Effect, fact, above });
    }
  return [...lowest.values()];
}

/** @param layers the documents that bind, narrowest first */
export function compile(layers: readonly Layer[]): Compiled {
  const lines = linesOf(layers);
  const held = new Map(lines.map((l) => [l.key, l.value]));
  const num = (key: string): number | null => (held.has(key) ? Number(held.get(key)) : null);
  const or = <T>(key: string, other: T): T => (held.has(key) ? (held.get(key) as T) : other);
  const dollarsOf = (key: string): number | null => (held.has(key) ? Math.round(Number(held.get(key)) * 1e6) : null);
  /** `tools.catalog.<tool>.<field>` of every line, gathered by the name in the middle, which may have dots. */
  const gathered = (head: string, fields: readonly string[]): Map<string, Record<string, unknown>> => {
    const out = new Map<string, Record<string, unknown>>();
    for (const [key, value] of held) {
      const field = key.startsWith(`${head}.`) ? key.slice(key.lastIndexOf(".") + 1) : "";
      if (!fields.includes(field)) continue;
      const name = key.slice(head.length + 1, -(field.length + 1));
      out.set(name, { ...out.get(name), [field]: value });
    }
    return out;
  };
  const record = <T>(head: string): Record<string, T> =>
    Object.fromEntries(
      [...held].filter(([key]) => key.startsWith(`${head}.`)).map(([key, v]) => [key.slice(head.length + 1), v as T]),
    );
  const timeouts = new Map(Object.entries(record<number>("tools.timeouts_s")));
  const stated = layers.some((l) => l.document.connectors !== undefined);
  const [narrowest] = layers;
  return {
    ref: narrowest ? { id: narrowest.policyId, version: narrowest.version } : null,
    refs: layers.map((l) => ({ id: l.policyId, version: l.version })),
    lines,
    allow: listsOf(layers, "tools.allow", (d) => d.tools?.allow),
    deny: listsOf(layers, "tools.deny", (d) => d.tools?.deny),
    capabilities: listsOf(layers, "capabilities", (d) => d.capabilities),
    byCapability: listsOf(layers, "capabilities", (d) => (d.tools?.allow ? undefined : d.capabilities)),
    catalog: gathered("tools.catalog", [
      "effect",
      "reversible",
      "connector",
      "capability",
      "output_schema",
      "compensation",
      "idempotency",
    ]) as ReadonlyMap<string, CatalogEntry>,
    idempotencyRequired: glob(or<string[]>("tools.idempotency_required", [])),
    connectors: stated
      ? new Map(
          [...new Set(layers.flatMap((l) => Object.keys(l.document.connectors ?? {})))].map((name) => [
            name,
            {
              role: or<ConnectorRole>(`connectors.${name}.role`, "full"),
              perMin: num(`connectors.${name}.rate_limit_per_min`),
              credentials: listsOf(layers, `connectors.${name}.credentials`, (d) => d.connectors?.[name]?.credentials),
            },
          ]),
        )
      : null,
    thresholds: thresholdsOf(layers),
    conditions: rulesOf<Condition>(layers, "conditions"),
    validators: rulesOf<Validator>(layers, "validators"),
    models: {
      allow: listsOf(layers, "models.allow", (d) => d.models?.allow),
      deny: listsOf(layers, "models.deny", (d) => d.models?.deny),
      routes: record<string[]>("models.routes"),
      downgrade: record<string>("models.downgrade"),
      unpriced: or("models.unpriced", "deny"),
    },
    goal: {
      scope: listsOf(layers, "goal.scope", (d) => d.goal?.scope),
      requireIntent: or("goal.require_intent", false),
      outOfScope: or("goal.out_of_scope", "require_approval"),
    },
    memory: {
      scopes: listsOf(layers, "memory.scopes", (d) => d.memory?.scopes),
      maxWrites: num("memory.max_writes"),
      maxBytes: num("memory.max_bytes"),
    },
    output: record<number>("output"),
    context: { maxInput: num("context.max_input_tokens") },
    budgets: {
      steps: num("budgets.max_steps"),
      seconds: num("budgets.max_seconds"),
      toolCalls: num("budgets.max_tool_calls"),
      micros: dollarsOf("budgets.max_usd"),
      tokens: num("budgets.max_tokens"),
      uniqueCalls: num("budgets.max_unique_calls"),
      depth: num("budgets.max_depth"),
      children: num("budgets.max_children"),
      concurrentRuns: num("budgets.max_concurrent_runs"),
      soft: or("budgets.soft", null),
      tools: new Map(
        [...gathered("tools.budgets", ["max_calls", "max_retries"])].map(([name, v]) => [
          name,
          {
            calls: (v.max_calls as number | undefined) ?? null,
            retries: (v.max_retries as number | undefined) ?? null,
          },
        ]),
      ),
      stages: new Map(
        [...gathered("stages", ["max_tokens", "max_usd"])].map(([name, v]) => [
          name,
          {
            tokens: (v.max_tokens as number | undefined) ?? null,
            micros: v.max_usd === undefined ? null : Math.round(Number(v.max_usd) * 1e6),
          },
        ]),
      ),
    },
    loops: {
      repeated: or("loop_detection.repeated_calls_threshold", 3),
      noProgress: or("loop_detection.no_progress_threshold", 6),
      exempt: glob(or<string[]>("loop_detection.exempt_tools", [])),
    },
    modelTimeoutS: timeouts.get("model") ?? 120,
    timeoutS: (tool) => timeouts.get(tool) ?? timeouts.get("default") ?? 10,
    retries: {
      attempts: or("tools.retries.max_attempts", 2),
      status: or("tools.retries.retryable_status", []),
      backoffMs: or("tools.retries.backoff_ms", []),
    },
    breaker: or("tools.circuit_breakers.enabled", true)
      ? {
          threshold: or("tools.circuit_breakers.failure_threshold", 5),
          windowMs: or("tools.circuit_breakers.window_seconds", 60) * 1000,
          openMs: or("tools.circuit_breakers.open_seconds", 30) * 1000,
        }
      : null,
    approvals: {
      ladder: or("approvals.ladder", []),
      irreversible: or("approvals.irreversible", true),
      expiresS: or("approvals.expires_s", 86_400),
      maxPending: or("approvals.max_pending", 20),
      breakGlass: or("approvals.break_glass.roles", ["admin"]),
    },
    safeMode: {
      enabled: or("safe_mode.enabled", false),
      allowed: listsOf(layers, "safe_mode.allowed_tools", (d) => d.safe_mode?.allowed_tools),
    },
    outputFailsClosed: or("validation.output.fail_closed", true),
  };
}
