import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Api, type Json, startApi } from "../http/tests/harness";
import { systemCtx } from "../platform/ctx";

// The whole order against a plain model of it: the model keeps lists and counts on them, knows no batches, no holds table,
// no compiled documents, and asks its questions one after another.
const CASES = 10_000;
const SEQUENCE = 25;

let api: Api;
let environment = "";
let decide: (ctx: ReturnType<typeof systemCtx>, raw: unknown, url: () => string) => Promise<unknown>;
let giveResult: (ctx: ReturnType<typeof systemCtx>, raw: unknown) => Promise<unknown>;
beforeAll(async () => {
  api = await startApi();
  environment = await api.environment("production");
  const door = await import(".");
  decide = door.decide;
  giveResult = door.giveResult;
});

const TOOLS: string[] = ["a.read", "b.read", "c.write", "d.write", "e.gone", "f.final"];
const EFFECT: Record<string, string> = {
  "a.read": "read",
  "b.read": "read",
  "c.write": "write",
  "d.write": "write",
  "e.gone": "write",
  "f.final": "irreversible",
};
const WRITES = new Set(["c.write", "d.write", "e.gone", "f.final"]);

type Policy = {
  allow: string[];
  deny: string[];
  keyed: string[];
  steps: number;
  toolCalls: number;
  cents: number;
  unique: number;
  repeated: number;
  noProgress: number;
  perMin: number | null;
  role: "read-only" | "write-limited" | "full";
  threshold: number;
  attempts: number;
  fuse: number;
  blocked: string | null;
  mode: "run" | "safe_mode" | "stop" | "pause";
  safe: string[];
  when: boolean;
};
const subset = fc.subarray([...TOOLS], { minLength: 0 });
const policies = fc.record<Policy>({
  allow: fc.oneof({ weight: 4, arbitrary: fc.constant<string[]>([...TOOLS]) }, { weight: 2, arbitrary: subset }),
  deny: fc.oneof({ weight: 4, arbitrary: fc.constant<string[]>([]) }, fc.subarray([...TOOLS], { maxLength: 1 })),
  keyed: fc.subarray(["c.write", "d.write"]),
  steps: fc.integer({ min: 1, max: 8 }),
  toolCalls: fc.integer({ min: 1, max: 20 }),
  cents: fc.integer({ min: 5, max: 120 }),
  unique: fc.integer({ min: 2, max: 12 }),
  repeated: fc.integer({ min: 1, max: 6 }),
  noProgress: fc.integer({ min: 1, max: 5 }),
  perMin: fc.option(fc.integer({ min: 1, max: 12 })),
  role: fc.constantFrom("full", "full", "write-limited", "read-only"),
  threshold: fc.integer({ min: 0, max: 60 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  fuse: fc.integer({ min: 2, max: 4 }),
  blocked: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.constantFrom(...TOOLS)),
  mode: fc.oneof(
    { weight: 12, arbitrary: fc.constant("run" as const) },
    fc.constantFrom("safe_mode" as const, "stop" as const, "pause" as const),
  ),
  safe: fc.constant(["a.read", "c.write"]),
  when: fc.boolean(),
});
type Step = {
  kind: "tool" | "step" | "model";
  tool: string;
  arg: number;
  size: number;
  cents: number;
  estimated: boolean;
  attempt: number;
  result: "ok" | "timeout" | "500" | "404" | "not_executed" | "none";
  answer: number;
};
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("tool", "tool", "tool", "tool", "step", "model"),
    // Habits, as agents have them: without repetition no rule about it is ever met.
    tool: fc.constantFrom("a.read", "a.read", "b.read", ...TOOLS),
    arg: fc.constantFrom(0, 0, 0, 1, 2),
    size: fc.constantFrom(0, 0, 0, 0, 70),
    cents: fc.integer({ min: 0, max: 15 }),
    estimated: fc.boolean(),
    attempt: fc.constantFrom(1, 1, 1, 2, 3),
    result: fc.constantFrom("ok", "ok", "ok", "ok", "timeout", "500", "404", "not_executed", "none"),
    answer: fc.constantFrom(0, 0, 0, 1),
  }),
  { minLength: SEQUENCE, maxLength: SEQUENCE },
);

type Allowed = {
  key: string;
  fingerprint: string | null;
  tool: string;
  cents: number;
  state: "open" | "ok" | "unknown" | "not_done" | "gone";
  done: boolean;
};

/** The order of the contract, as one would write it on a page. */
class Model {
  readonly allowed: Allowed[] = [];
  private steps = 0;
  private streaks = new Map<string, { said: string; n: number; writes: number }>();
  private writes = 0;
  private stale = 0;
  private fuses = new Map<string, number>();
  private effects = new Map<string, { state: string; attempts: number }>();
  private hits = 0;
  private asked = new Set<string>();
  constructor(private readonly p: Policy) {}

  judge(q: Step): string {
    const { p } = this;
    const name = q.kind === "tool" ? q.tool : q.kind;
    const key = `${q.tool} ${q.arg} ${q.size}`;
    if (p.mode === "stop") return "deny stopped";
    if (p.mode === "pause") return "wait paused";
    if (q.kind === "tool" && p.blocked === q.tool) return "deny tool_blocked";
    if (p.mode === "safe_mode" && q.kind === "tool" && !p.safe.includes(q.tool)) return "deny safe_mode";
    if (q.kind === "tool") {
      if (p.deny.includes(q.tool)) return "deny tool_denied";
      if (!p.allow.includes(q.tool)) return "deny tool_not_allowed";
    }
    const effect = q.kind === "tool" && WRITES.has(q.tool) ? this.effects.get(key) : undefined;
    if (effect?.state === "done") return "replay replay";
    if (q.kind === "tool") {
      if (p.when && q.tool === "b.read" && q.arg === 2) return "deny condition";
      const irreversible = EFFECT[q.tool] === "irreversible";
      if (irreversible || (EFFECT[q.tool] === "write" && q.size > p.threshold))
        return "require_approval approval_required";
      if (p.role === "read-only" && EFFECT[q.tool] !== "read") return "deny connector_role";
    }
    if (effect?.state === "open") return "wait effect_in_flight";
    if (effect?.state === "unknown" && !(p.keyed.includes(q.tool) && effect.attempts < p.attempts))
      return "require_approval effect_unknown";
    const fp = q.kind === "tool" ? key : null;
    const streak = fp === null ? undefined : this.streaks.get(fp);
    if (streak && streak.n >= p.repeated && streak.writes === this.writes) return "deny loop_detected";
    if (fp !== null && this.stale >= p.noProgress) return "deny no_progress";
    const attempts = p.mode === "safe_mode" ? 1 : p.attempts;
    if (q.kind !== "step" && q.attempt > attempts) return "deny attempts_exhausted";
    if (q.kind === "tool" && (this.fuses.get(q.tool) ?? 0) >= p.fuse) return "deny circuit_open";
    if (q.kind === "tool" && p.perMin !== null && this.hits >= p.perMin) return "wait rate_limited";
    if (q.kind === "model" && !q.estimated) return "deny estimate_required";
    if (fp !== null && !this.asked.has(fp) && this.asked.size >= p.unique) return "deny unique_calls";
    if (q.kind === "step" && this.steps + 1 > p.steps) return "deny step_budget";
    const live = this.allowed.filter((a) => a.state !== "gone");
    if (q.kind === "tool" && live.filter((a) => a.fingerprint !== null).length + 1 > p.toolCalls)
      return "deny tool_budget";
    const cents = q.estimated || q.kind === "model" ? q.cents : 0;
    const used = live.reduce((sum, a) => sum + a.cents, 0);
    if (q.kind !== "step" && cents > 0 && used + cents > p.cents) return "deny cost_budget";

    if (q.kind === "step") this.steps += 1;
    else {
      if (fp !== null) this.asked.add(fp);
      if (q.kind === "tool" && p.perMin !== null) this.hits += 1;
      if (q.kind === "tool" && WRITES.has(q.tool))
        this.effects.set(key, { state: "open", attempts: (effect?.state === "unknown" ? effect.attempts : 0) + 1 });
      this.allowed.push({ key, fingerprint: fp, tool: name, cents, state: "open", done: false });
    }
    return "allow allowed";
  }

  settle(a: Allowed, q: Step): void {
    if (q.result === "none") return;
    const write = a.fingerprint !== null && WRITES.has(a.tool);
    const happened =
      q.result === "ok" ? "done" : q.result === "404" || q.result === "not_executed" ? "not_done" : "unknown";
    if (q.result === "not_executed") a.state = "gone";
    else a.state = "ok";
    const effect = write ? this.effects.get(a.key) : undefined;
    if (effect) effect.state = happened;
    if (a.fingerprint === null) return;
    if (q.result === "timeout" || q.result === "500") this.fuses.set(a.tool, (this.fuses.get(a.tool) ?? 0) + 1);
    if (q.result === "not_executed") return;
    const said = `${q.result} ${q.result === "ok" ? q.answer : ""}`;
    const wrote = write && q.result === "ok";
    const before = this.streaks.get(a.fingerprint);
    const same = before?.said === said && before.writes === this.writes;
    if (wrote) this.writes += 1;
    this.streaks.set(a.fingerprint, { said, n: same ? before.n + 1 : 1, writes: this.writes });
    this.stale = same && !wrote ? this.stale + 1 : 0;
  }
}

let n = 0;
/** Circuits and switches on tools hold for the whole fleet: each case has tools of its own. */
const named = (tool: string): string => `case${n}.${tool}`;

async function setUp(p: Policy): Promise<string> {
  n++;
  const agent = `model-${n}`;
  const document: Json = {
    bindings: [{ agent_id: agent }],
    tools: {
      allow: p.allow.filter((t) => !p.deny.includes(t)).map(named),
      deny: p.deny.map(named),
      idempotency_required: p.keyed.map(named),
      retries: { max_attempts: p.attempts },
      circuit_breakers: { failure_threshold: p.fuse, window_seconds: 3_600, open_seconds: 3_600 },
      catalog: Object.fromEntries(TOOLS.map((t) => [named(t), { effect: EFFECT[t], connector: `c-${n}` }])),
    },
    connectors: { [`c-${n}`]: { role: p.role, ...(p.perMin === null ? {} : { rate_limit_per_min: p.perMin }) } },
    approval_thresholds: { "write:size": p.threshold },
    conditions: p.when ? [{ tool: named("b.read"), when: "args.n == 2", then: "deny" }] : [],
    budgets: {
      max_steps: p.steps,
      max_tool_calls: p.toolCalls,
      max_usd: p.cents / 100,
      max_unique_calls: Math.min(p.unique, p.toolCalls),
      max_seconds: 3_600,
    },
    loop_detection: { repeated_calls_threshold: p.repeated, no_progress_threshold: p.noProgress },
    safe_mode: { allowed_tools: p.safe.filter((t) => !p.deny.includes(t)).map(named) },
    approvals: { max_pending: 1_000 },
  };
  const put = await api.put(`/policies/${agent}`, document);
  expect([put.status, put.body.errors]).toEqual([200, undefined]);
  const run = await api.openRun({ agent_id: agent });
  if (p.mode !== "run")
    await api.post("/switches", { scope: { kind: "agent", key: agent }, mode: p.mode, reason: "model" });
  return run.run_id;
}

const RESULT: Record<Exclude<Step["result"], "none">, Json> = {
  ok: { status: "ok" },
  timeout: { status: "timeout" },
  "500": { status: "error", http_status: 500 },
  "404": { status: "error", http_status: 404 },
  not_executed: { status: "not_executed" },
};

test(`${CASES} questions of random policies, switches, budgets and calls are answered as a plain sequential model answers them`, async () => {
  let cases = 0;
  const seen = new Map<string, number>();
  const runs = CASES / SEQUENCE;
  await fc.assert(
    fc.asyncProperty(policies, steps, async (given, sequence) => {
      const p = {
        ...given,
        unique: Math.min(given.unique, given.toolCalls),
        safe: given.safe.filter((t) => !given.deny.includes(t)),
      };
      const blocks = p.blocked;
      const run_id = await setUp(p);
      // A blocked tool holds for everybody: its switch stands only as long as this case.
      const sw = blocks
        ? await api.post("/switches", { scope: { kind: "tool", key: named(blocks) }, mode: "stop", reason: "model" })
        : null;
      const ctx = systemCtx(environment, "model");
      const model = new Model(p);
      for (const [at, q] of sequence.entries()) {
        const question: Json = {
          run_id,
          kind: q.kind,
          ...(q.kind === "tool" ? { tool: named(q.tool), args: { n: q.arg, size: q.size } } : {}),
          ...(q.kind === "model" ? { model: "m" } : {}),
          ...(q.estimated || q.kind === "model"
            ? { estimate: q.estimated || q.kind !== "model" ? { usd: q.cents / 100 } : undefined }
            : {}),
          ...(q.kind === "step" ? {} : { attempt: q.attempt }),
        };
        const expected = model.judge(q);
        const got = (await decide(ctx, question, () => "")) as { outcome: string; code: string; decision_id: string };
        const said = got.outcome === "replay" ? "replay replay" : `${got.outcome} ${got.code}`;
        expect({ at, q, p, said }).toEqual({ at, q, p, said: expected });
        seen.set(said, (seen.get(said) ?? 0) + 1);
        cases++;
        if (got.outcome !== "allow" || q.kind === "step" || q.result === "none") continue;
        const allowed = model.allowed.at(-1);
        if (!allowed) throw new Error("the model allowed nothing");
        model.settle(allowed, q);
        await giveResult(ctx, {
          decision_id: got.decision_id,
          ...RESULT[q.result],
          ...(q.result === "ok" ? { result: q.answer } : {}),
        });
      }
      if (sw) await api.post(`/switches/${String(sw.body.switch_id)}/release`, { reason: "over" });
    }),
    { numRuns: runs, endOnFailure: true, seed: 20_261_121 },
  );
  expect(cases).toBe(CASES);
  // A model that never meets a rule proves nothing of it.
  for (const code of [
    "allow allowed",
    "deny stopped",
    "wait paused",
    "deny tool_blocked",
    "deny safe_mode",
    "deny tool_denied",
    "deny tool_not_allowed",
    "replay replay",
    "deny condition",
    "require_approval approval_required",
    "deny connector_role",
    "wait effect_in_flight",
    "require_approval effect_unknown",
    "deny loop_detected",
    "deny no_progress",
    "deny attempts_exhausted",
    "deny circuit_open",
    "wait rate_limited",
    "deny estimate_required",
    "deny unique_calls",
    "deny step_budget",
    "deny tool_budget",
    "deny cost_budget",
  ])
    expect([code, (seen.get(code) ?? 0) > 0]).toEqual([code, true]);
}, 300_000);
