import { distance } from "fastest-levenshtein";
import { METRIC_NAMES, METRICS, type MetricName } from "./metrics";
import type { Aggregate, Op, Per, RuleScope } from "./schema";

/** What a sentence says: X, beyond Y, within Z, for whom. */
export type Condition = {
  metric: MetricName;
  aggregate: Aggregate | null;
  per: Per;
  op: Op;
  threshold: number;
  windowS: number | null;
  scope: RuleScope;
};
export type Parsed = { ok: true; condition: Condition } | { ok: false; message: string; at: string };

const UNITS: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const OP_WORDS: [Op, string][] = [
  [">", "exceeding"],
  [">=", "reaching"],
  ["<", "below"],
  ["<=", "at most"],
];
const AGGREGATE_WORDS: Record<Aggregate, string> = {
  sum: "the sum of",
  count: "the number of runs with",
  rate: "the share of runs with",
  avg: "the average of",
  max: "the highest",
  min: "the lowest",
  p50: "the median of",
  p95: "the p95 of",
  p99: "the p99 of",
};
const SCOPES: [keyof RuleScope, string][] = [
  ["tool", "of tool"],
  ["agent_id", "for agent"],
  ["task_type", "for task"],
  ["tenant_id", "for tenant"],
];
const PERS: [Per, string][] = [
  ["agent", "for each agent"],
  ["tenant", "for each tenant"],
  ["task_type", "for each task"],
  ["environment", "in the environment"],
];

function duration(seconds: number): string {
  for (const [unit, size] of UNITS)
    if (seconds % size === 0 && seconds >= size) return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
  return `${seconds} seconds`;
}

/** The sentence of a rule; `readSentence` reads it back to the same. */
export function sayCondition(c: Condition): string {
  const metric = c.aggregate === null ? c.metric : `${AGGREGATE_WORDS[c.aggregate]} ${c.metric}`;
  const op = OP_WORDS.find(([o]) => o === c.op)?.[1] ?? "exceeding";
  const parts = [metric, op, String(c.threshold)];
  if (c.windowS !== null) parts.push(`within ${duration(c.windowS)}`);
  for (const [key, words] of SCOPES) if (c.scope[key] !== undefined) parts.push(words, quoted(c.scope[key]));
  const per = PERS.find(([p]) => p === c.per)?.[1];
  if (per !== undefined) parts.push(per);
  return parts.join(" ");
}
const quoted = (name: string): string => (/^[\w.*:@/-]*[\w*]$/.test(name) ? name : JSON.stringify(name));

const AGGREGATES: [RegExp, Aggregate][] = [
  [/^(?:the )?sum of\s+/i, "sum"],
  [/^(?:the )?(?:number of runs with|count of|number of)\s+/i, "count"],
  [/^(?:the )?(?:share of runs with|share of|rate of)\s+/i, "rate"],
  [/^(?:the )?(?:average|mean|avg)(?: of)?\s+/i, "avg"],
  [/^(?:the )?(?:highest|maximum|max)(?: of)?\s+/i, "max"],
  [/^(?:the )?(?:lowest|minimum|min)(?: of)?\s+/i, "min"],
  [/^(?:the )?(?:median|p50)(?: of)?\s+/i, "p50"],
  [/^(?:the )?p95(?: of)?\s+/i, "p95"],
  [/^(?:the )?p99(?: of)?\s+/i, "p99"],
];
const OPS: [RegExp, Op][] = [
  [/^(?:reaching|at least|of at least|>=|≥)\s*/i, ">="],
  [/^(?:at most|of at most|<=|≤)\s*/i, "<="],
  [/^(?:exceeding|exceeds|above|over|more than|greater than|>)\s*/i, ">"],
  [/^(?:below|falling below|under|less than|<)\s*/i, "<"],
];
const NUMBER = /^\$?(-?\d[\d_,]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*(k|m|%)?(?![\w.])/i;
const UNIT_WORD = /^(?:calls?|steps?|times?|tokens?|usd|dollars?|seconds?|minutes?|bytes|runs?|x|×)(?=\s|$)/i;
const WITHIN =
  /^(?:within|in|over|per)\s+(?:the last\s+)?(\d+)?\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)\b/i;

const no = (message: string, at: string): Parsed => ({ ok: false, message, at });

/** Reads "X exceeding Y within Z minutes", with or without "we would know from" before it. Never throws. */
export function parseSentence(text: string): Parsed {
  let rest = text
    .trim()
    .replace(/[.\s]+$/, "")
    .replace(/^we (?:would|will|'d) know (?:from|by|when)\s+/i, "");
  let aggregate: Aggregate | null = null;
  for (const [pattern, found] of AGGREGATES) {
    if (!pattern.test(rest)) continue;
    rest = rest.replace(pattern, "");
    aggregate = found;
    break;
  }
  const name =
    /^`?([a-z][a-z0-9_ ]*?)`?(?=\s+(?:reaching|at |of at|exceed|above|over|more|greater|below|falling|under|less|[<>≤≥]))/i.exec(
      rest,
    );
  if (!name?.[1])
    return no(
      'Say which metric, then "exceeding" and a number: identical_calls exceeding 3 within 10 minutes.',
      "metric",
    );
  const metric = name[1].trim().toLowerCase().replace(/\s+/g, "_");
  if (!(metric in METRICS)) return no(`There is no metric ${metric}.${near(metric)}`, "metric");
  rest = rest.slice(name[0].length).trim();

  const op = OPS.find(([pattern]) => pattern.test(rest));
  if (!op) return no('After the metric comes "exceeding", "reaching", "below" or "at most".', "op");
  rest = rest.replace(op[0], "");
  const number = NUMBER.exec(rest);
  if (!number?.[1]) return no(`"${rest.split(" ")[0] ?? ""}" is no number.`, "threshold");
  const scale = { k: 1e3, m: 1e6, "%": 0.01 }[number[2]?.toLowerCase() ?? ""] ?? 1;
  const threshold = Number((Number(number[1].replace(/[_,]/g, "")) * scale).toPrecision(15));
  rest = rest.slice(number[0].length).trim().replace(UNIT_WORD, "").trim();

  let windowS: number | null = null;
  const within = WITHIN.exec(rest);
  if (within?.[2]) {
    const unit = within[2].toLowerCase()[0];
    windowS = Number(within[1] ?? 1) * (unit === "s" ? 1 : unit === "m" ? 60 : unit === "h" ? 3_600 : 86_400);
    rest = rest.slice(within[0].length).trim();
  } else if (/^(?:within|in) (?:a|one|the) run\b/i.test(rest))
    rest = rest.replace(/^(?:within|in) (?:a|one|the) run\b/i, "").trim();
  return tail(rest, { metric: metric as MetricName, aggregate, per: "run", op: op[1], threshold, windowS, scope: {} });
}

function tail(text: string, condition: Condition): Parsed {
  let rest = text;
  while (rest !== "") {
    const per =
      PERS.find(([, words]) => rest.toLowerCase().startsWith(words)) ??
      (/^for every agent\b/i.test(rest) ? PERS[0] : undefined);
    if (per) {
      condition.per = per[0];
      rest = rest.replace(/^(?:for (?:each|every) \w+|in the environment)/i, "").trim();
      continue;
    }
    const scope = /^(?:of|for|on|by) (tool|agent|task|task_type|tenant)\s+("(?:[^"\\]|\\.)*"|[^\s,]+),?\s*/i.exec(rest);
    if (!scope?.[1] || !scope[2]) return no(`"${rest}" is not understood here.`, "scope");
    const key = { tool: "tool", agent: "agent_id", task: "task_type", task_type: "task_type", tenant: "tenant_id" }[
      scope[1].toLowerCase()
    ] as keyof RuleScope;
    condition.scope[key] = scope[2].startsWith('"') ? unquote(scope[2]) : scope[2];
    rest = rest.slice(scope[0].length);
  }
  return { ok: true, condition: settled(condition) };
}
const unquote = (text: string): string => {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
};

/** A window's metric is never one run's, and an aggregate needs somebody to be gathered for. */
export function settled(c: Condition): Condition {
  const windowed = METRICS[c.metric].of === "window" || c.aggregate !== null;
  if (!windowed) return { ...c, per: "run" };
  return { ...c, per: c.per === "run" ? "environment" : c.per };
}

function near(metric: string): string {
  const [best] = METRIC_NAMES.map((name) => ({ name, far: distance(name, metric) })).sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(3, metric.length / 3) ? ` Did you mean ${best.name}?` : "";
}
