import type { Budget } from "../../budgets";
import type { RuleShape } from "../../detectors/schema";
import type { ChecklistShape, ScoreCardShape } from "../../evaluations/schema";
import type { FailureShape } from "../../failures/schema";
import type { TargetShape } from "../schema";
import type { Runs, Scores, Stop } from "../store";

/** What holds for the agent in one of its task types. */
export type Held = {
  taskType: string | null;
  mode: "enforce" | "observe" | "none";
  documents: string[];
  /** key → value, and whether some document says it; else it is the safe value. */
  lines: ReadonlyMap<string, { value: unknown; said: boolean }>;
};

/** Everything that the gate of one agent version is computed from. */
export type Facts = {
  agentId: string;
  version: string | null;
  /** It asks before it acts; else it only tells. */
  gated: boolean;
  held: Held[];
  runs: Runs | null;
  scores: Scores | null;
  /** Kinds of data that came from it within a week. */
  data: ReadonlySet<string>;
  rules: readonly RuleShape[];
  failures: readonly FailureShape[];
  budgets: readonly Budget[];
  targets: readonly TargetShape[];
  /** credential → agents that used it within 30 days. */
  credentials: ReadonlyMap<string, ReadonlySet<string>>;
  stop: Stop | null;
  card: ScoreCardShape | null;
  checklist: ChecklistShape | null;
};
