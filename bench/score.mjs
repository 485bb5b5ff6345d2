import { createReadStream, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { build } from "esbuild";
import { root } from "../scripts/build.mjs";

// The default rules against real runs with labels: recall and false alarms, by mode. Reads ../shared/data; nothing of it is kept.
const DATA = process.env.INTERLOCK_TRACES ?? path.resolve(root, "../shared/data");
if (!existsSync(DATA)) {
  process.stdout.write("The labelled traces are not beside this checkout: nothing to score.\n");
  process.exit(0);
}
const out = path.join(root, "build", "score.mjs");
mkdirSync(path.dirname(out), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ["lib/detectors/replay.ts"],
  outfile: out,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
});
const { replay, DEFAULT_RULES } = await import(out);
const { toApi } = await import(path.join(DATA, "to-spans.mjs"));

async function* lines(/** @type {string} */ file) {
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) }))
    if (line) yield JSON.parse(line);
}

/** Which of our categories answer which label. */
const ANSWERS = {
  checkpoint_corruption: ["checkpoint_corruption"],
  runaway_loop: ["runaway_loop", "no_progress", "tool_flapping", "retry_storm", "multi_agent_deadlock"],
  silent_run_failure: ["silent_success", "silent_tool_failure", "checkpoint_corruption"],
  silent_tool_failure: ["silent_tool_failure", "silent_success"],
  prompt_injection_succeeded: ["prompt_injection"],
  duplicate_side_effect: ["duplicate_side_effect"],
  context_blowup: ["context_blowup"],
  schema_mismatch_error: ["tool_schema_drift"],
  schema_drift: ["tool_schema_drift"],
  provider_auth_expired: ["tool_auth_expired"],
  provider_rate_limited: ["tool_rate_limited"],
  goal_drift: ["goal_drift"],
};
for (const mode of ["repeated_calls", "multi_agent_pingpong", "no_progress"]) ANSWERS[mode] = ANSWERS.runaway_loop;

const gold = new Map();
for await (const g of lines(path.join(DATA, "gold-dev.jsonl.gz"))) {
  const mode = gold.get(g.mode) ?? new Map();
  gold.set(g.mode, mode);
  if (mode.get(g.run_id)?.polarity !== "pos") mode.set(g.run_id, g);
}

/** @type {Map<string, { source: string, outcome: string, task: string, above: Set<string>, rules: Set<string> }>} */
const runs = new Map();
let spans = 0;
let spent = 0n;
for (const file of readdirSync(path.join(DATA, "dev")).filter((f) => f.endsWith(".gz"))) {
  for await (const line of lines(path.join(DATA, "dev", file))) {
    const api = toApi(line);
    spans += api.spans.length;
    const began = process.hrtime.bigint();
    const hits = replay(api);
    spent += process.hrtime.bigint() - began;
    const above = hits.filter((h) => h.hit.severity !== "info");
    runs.set(line.run_id, {
      source: line.source,
      outcome: line.outcome,
      task: line.task_type,
      above: new Set(above.map((h) => h.rule.category)),
      rules: new Set(hits.map((h) => h.rule.slug)),
    });
  }
}

const share = (n, of) => (of === 0 ? "–" : `${((100 * n) / of).toFixed(1)} %`);
const rows = [];
const misses = new Map();
for (const [mode, labels] of [...gold].sort()) {
  const wanted = ANSWERS[mode];
  if (!wanted) continue;
  const fires = (id) => wanted.some((c) => runs.get(id)?.above.has(c));
  for (const strength of ["objective", "annotated", "weak"]) {
    const pos = [...labels.values()]
      .filter((g) => g.polarity === "pos" && g.strength === strength)
      .map((g) => g.run_id)
      .filter((id) => runs.has(id));
    if (pos.length === 0) continue;
    const sources = new Set(pos.map((id) => runs.get(id).source));
    let neg = [...labels.values()]
      .filter(
        (g) =>
          g.polarity === "neg" &&
          sources.has(runs.get(g.run_id)?.source) &&
          (mode !== "prompt_injection_succeeded" || g.label === "attack:none"),
      )
      .map((g) => g.run_id);
    if (neg.length === 0)
      neg = [...runs]
        .filter(([id, r]) => sources.has(r.source) && labels.get(id)?.polarity !== "pos")
        .map(([id]) => id);
    const found = pos.filter(fires);
    const wrong = neg.filter(fires);
    misses.set(`${mode} ${strength}`, { missed: pos.filter((id) => !fires(id)), wrong });
    const precision = found.length + wrong.length === 0 ? "–" : share(found.length, found.length + wrong.length);
    rows.push([
      mode,
      strength,
      [...sources].join(" "),
      `${found.length}/${pos.length}`,
      share(found.length, pos.length),
      `${wrong.length}/${neg.length}`,
      share(wrong.length, neg.length),
      precision,
    ]);
  }
}
const print = (head, body) => {
  const all = [head, head.map(() => "---"), ...body];
  const wide = head.map((_, n) => Math.max(...all.map((r) => String(r[n]).length)));
  for (const r of all)
    process.stdout.write(
      `| ${r.map((c, n) => (c === "---" ? "-".repeat(wide[n]) : String(c).padEnd(wide[n]))).join(" | ")} |\n`,
    );
};
print(["mode", "labels", "source", "found", "recall", "false alarms", "of negatives", "precision"], rows);

process.stdout.write("\nAlerts above info on 100 runs that succeeded, by category\n\n");
const bySource = new Map();
for (const r of runs.values())
  if (r.outcome === "success") bySource.set(r.source, [...(bySource.get(r.source) ?? []), r]);
const categories = [...new Set(DEFAULT_RULES.map((r) => r.category))];
print(
  ["source", "runs", ...categories],
  [...bySource].map(([source, list]) => [
    source,
    list.length,
    ...categories.map((c) => ((100 * list.filter((r) => r.above.has(c)).length) / list.length).toFixed(1)),
  ]),
);
process.stdout.write("\nRules that fired, on runs that succeeded / that did not\n\n");
print(
  ["rule", ...bySource.keys()],
  DEFAULT_RULES.map((rule) => [
    rule.slug,
    ...[...bySource.keys()].map((s) => {
      const of = [...runs.values()].filter((r) => r.source === s);
      const count = (ok) => of.filter((r) => (r.outcome === "success") === ok && r.rules.has(rule.slug)).length;
      return `${count(true)}/${count(false)}`;
    }),
  ]),
);
// What pages say of each category is what was measured: nothing is typed.
const measured = {};
for (const [mode, labels, sources, found, , wrong] of rows)
  for (const category of ANSWERS[mode]) {
    const [hit, of] = found.split("/").map(Number);
    const [alarms, negatives] = wrong.split("/").map(Number);
    measured[category] ??= { labelled: [], alarms_per_100: [] };
    measured[category].labelled.push({
      mode,
      labels,
      sources: sources.split(" "),
      found: hit,
      of,
      false_alarms: alarms,
      negatives,
    });
  }
for (const category of categories) {
  measured[category] ??= { labelled: [], alarms_per_100: [] };
  for (const [source, list] of bySource) {
    const n = list.filter((r) => r.above.has(category)).length;
    const per_100 = Number(((100 * n) / list.length).toFixed(1));
    measured[category].alarms_per_100.push({ source, runs: list.length, per_100 });
  }
}
if (process.env.KEEP !== "0")
  writeFileSync(path.join(root, "lib/detectors/catalogue/measured.json"), `${JSON.stringify(measured, null, 2)}\n`);
process.stdout.write(
  `\n${runs.size} runs, ${spans} spans, ${(Number(spent) / 1000 / spans).toFixed(1)} µs a span with all ${DEFAULT_RULES.length} rules, decoding included\n`,
);
if (process.env.FIRED)
  for (const [id, r] of runs) if (r.rules.has(process.env.FIRED)) process.stdout.write(`${r.outcome} ${id}\n`);
if (process.env.MISSES)
  for (const [key, { missed, wrong }] of misses)
    if (key.startsWith(process.env.MISSES))
      process.stdout.write(`\n${key}\n missed ${missed.join("\n        ")}\n wrong  ${wrong.join("\n        ")}\n`);
