import { IconBellRinging, IconCircleDashed, IconEyeOff, IconPencil, IconRadar2 } from "@tabler/icons-react";
import type { GROUPS, Metric, RuleShape } from "@/lib/detectors/schema";
import type { Cell, FailureShape, FailureState, Lack } from "@/lib/failures/schema";
import type { Tone } from "../kit/status";

export type Group = (typeof GROUPS)[number];
export const GROUP_WORDS: Record<Group, string> = {
  loops_and_cost: "Loops and cost",
  context_and_memory: "Context and memory",
  tools: "Tools",
  effects: "Effects",
  agents_together: "Agents together",
  goal_and_security: "Goal and security",
  answers: "Answers",
  watching: "Watching",
  single_call: "Single calls",
};

type Mark = { tone: Tone; Icon: typeof IconEyeOff; means: string };
export const STATES: Record<FailureState, Mark> = {
  unwritten: { tone: "quiet", Icon: IconCircleDashed, means: "No rule would tell" },
  written: { tone: "pause", Icon: IconPencil, means: "Its rule is written and not armed" },
  armed: { tone: "good", Icon: IconRadar2, means: "A rule watches, and its data arrives" },
  fired: { tone: "bad", Icon: IconBellRinging, means: "A rule has fired in the last 30 days" },
  blind: { tone: "warn", Icon: IconEyeOff, means: "Armed, and for a week no data of its metric has arrived" },
};
export const CELL_WORDS: Record<Cell, { word: string; Icon: typeof IconEyeOff | null; means: string }> = {
  armed: { word: "armed", Icon: IconRadar2, means: "watched, data arrives" },
  fired: { word: "fired", Icon: IconBellRinging, means: "in the last 30 days" },
  written: { word: "written", Icon: IconPencil, means: "not armed" },
  blind: { word: "blind", Icon: IconEyeOff, means: "armed, no data arrives" },
  no_rule: { word: "no rule", Icon: IconCircleDashed, means: "nothing would tell" },
  not_applicable: { word: "–", Icon: null, means: "does not apply" },
};

export const LACK_WORDS: Record<Lack, string> = {
  rule: "no rule",
  arming: "not armed",
  owner: "no owner",
  runbook: "no runbook",
  data: "no data",
  review: "review due",
};
/** The one link that mends it. */
export const MEND_WORDS: Record<Lack, string> = {
  rule: "Write the rule",
  arming: "Arm the rule",
  owner: "Name an owner",
  runbook: "Write the runbook",
  data: "See what it needs",
  review: "Review it",
};
export const MEND_AT: Record<Lack, string> = {
  rule: "#rule",
  arming: "#rule",
  owner: "#entry",
  runbook: "#runbook",
  data: "#rule",
  review: "#entry",
};
export const TRIAGE_WORDS = { pre_launch: "pre-launch", after_first_incident: "after first incident" } as const;
export const REGIME_WORDS = { agent: "agent", single_call: "single call" } as const;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** A day without a time: "24 Dec 2026". */
export function dayWords(day: string): string {
  const [year, month, date] = day.slice(0, 10).split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** 1.85 → "1 m 51 s"; 37 → "37 min"; 0.15 → "9 s". */
export function minutesWords(minutes: number): string {
  const seconds = Math.round(Math.abs(minutes) * 60);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600 && seconds % 60 > 0) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${Math.round(seconds / 86_400)} days`;
}

export type Difference = { tone: "good" | "bad" | "quiet"; text: string };
/** Predicted against actual of the newest incident, in a word. */
export function differenceOf(f: FailureShape): Difference {
  const actual = f.last_actual;
  if (!actual) return { tone: "quiet", text: "not seen yet" };
  if (!actual.rule_fired) return { tone: "bad", text: "its rule did not fire" };
  if (actual.minutes_early_or_late === null) return { tone: "bad", text: "nothing was predicted" };
  if (actual.minutes_early_or_late <= 0) return { tone: "good", text: "in time" };
  return { tone: "bad", text: `${minutesWords(actual.minutes_early_or_late)} late` };
}
/** How long it took until the rule fired, where both the prediction and the difference are known. */
export function actualMinutes(f: FailureShape): number | null {
  const actual = f.last_actual;
  const predicted = actual?.predicted.detect_minutes ?? null;
  if (!actual?.rule_fired || actual.minutes_early_or_late === null || predicted === null) return null;
  return Math.max(0, predicted + actual.minutes_early_or_late);
}

const OPS: Record<RuleShape["op"], string> = { ">": ">", ">=": "≥", "<": "<", "<=": "≤" };
export function windowWords(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
/** "identical_calls > 3 in 2 min": the sentence, as short as a column. */
export const shortRule = (r: RuleShape): string =>
  `${r.aggregate ? `${r.aggregate} ` : ""}${r.metric} ${OPS[r.op]} ${r.threshold}${r.window_s ? ` in ${windowWords(r.window_s)}` : ""}`;

export const NEEDS_OWNER = "It needs the role owner, policy_admin or admin.";

/** What a metric needs, in words that follow "It needs". */
export const NEEDS_WORDS: Record<Metric["needs"], string> = {
  spans: "spans",
  tools: "tool calls",
  models: "model calls",
  tokens: "token counts",
  cost: "priced calls",
  messages: "messages between agents",
  arguments: "arguments of calls",
  results: "results of calls",
  content: "texts of results",
  decisions: "decisions",
  effects: "effects",
  heartbeats: "heartbeats that say what they wait for",
  checkpoints: "checkpoints",
  evaluations: "evaluations",
  runs: "runs",
  locks: "runs with a lock",
  approvals: "approvals",
};
