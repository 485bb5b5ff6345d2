/**
 * What a rule can be about. A name, its unit, what exactly is counted and what data that needs. Pure data: pages, the
 * sentence, the API and the code that measures all read it here.
 */
export type MetricUnit =
  | "calls"
  | "steps"
  | "times"
  | "tokens"
  | "usd"
  | "seconds"
  | "minutes"
  | "bytes"
  | "ratio"
  | "runs"
  | "score";
/** Whether one run has it, or only a window over many. */
export type MetricOf = "run" | "window";
/** What must arrive for it: where it does not, a rule on it is blind. */
export type Needs =
  | "spans"
  | "tools"
  | "models"
  | "tokens"
  | "cost"
  | "messages"
  | "arguments"
  | "results"
  | "content"
  | "decisions"
  | "effects"
  | "heartbeats"
  | "checkpoints"
  | "evaluations"
  | "runs"
  | "locks"
  | "approvals";

export type Metric = { of: MetricOf; unit: MetricUnit; needs: Needs; says: string };

const run = (unit: MetricUnit, needs: Needs, says: string): Metric => ({ of: "run", unit, needs, says });
const window = (unit: MetricUnit, needs: Needs, says: string): Metric => ({ of: "window", unit, needs, says });

export const METRICS = {
  // Repetition
  identical_calls: run(
    "calls",
    "tools",
    "Calls of one tool with the same arguments and an unchanged result, with no write between them. Named volatile arguments (reason, timestamp, nonce) are left out.",
  ),
  consecutive_identical_calls: run(
    "calls",
    "tools",
    "The longest row of calls of one tool with the same arguments, one directly after the other in one agent.",
  ),
  similar_calls: run(
    "calls",
    "arguments",
    "Calls of one tool within a dozen whose arguments say nearly the same thing in other words, and which led nowhere new.",
  ),
  repeated_requests: run(
    "times",
    "messages",
    "Times one agent asks another for what it has already asked for, in nearly the same words.",
  ),
  alternation_cycles: run(
    "times",
    "tools",
    "Times a run went back and forth between two calls, arguments included (A B A B is two).",
  ),
  steps_without_progress: run(
    "steps",
    "tools",
    "Calls in a row that brought nothing new: each answered an error, nothing, or what had been seen before.",
  ),
  turns_without_calls: run("times", "models", "Model turns in a row without a tool call, while the run went on."),
  tokens_without_calls: run(
    "tokens",
    "models",
    "Output tokens, thinking included, since the run last called a tool or was spoken to.",
  ),
  repeated_errors: run(
    "times",
    "results",
    "Times in a row that a run met the same error, numbers and paths left out, with nothing done right between.",
  ),
  consecutive_errors: run("calls", "tools", "Failed calls one after the other."),
  // Size
  steps: run("steps", "spans", "Steps of the run: those it reports, else its model turns."),
  tool_calls: run("calls", "tools", "Tool calls, failed ones too."),
  unique_calls: run("calls", "arguments", "Different calls: tool and arguments."),
  children: run("runs", "runs", "Runs that this run started, theirs included."),
  seconds: run("seconds", "runs", "From the start of the run to its end, or until now."),
  cost_usd: run("usd", "cost", "US dollars of the run's model and tool calls. Calls without a price are not in it."),
  tokens: run("tokens", "tokens", "Input and output tokens together."),
  input_tokens_per_turn: run("tokens", "tokens", "The largest input of one model call."),
  context_growth: run(
    "ratio",
    "tokens",
    "The last turn's input divided by the median of the first three, of the same agent in the run.",
  ),
  context_jump: run(
    "tokens",
    "tokens",
    "The largest growth of the input from one turn to the next, of the same agent in the run.",
  ),
  // Tools
  retries: run("calls", "tools", "Calls made again directly after they failed, with the same arguments."),
  tool_errors: run(
    "calls",
    "tools",
    "Tool calls that failed. A shell command's exit code of a search or a test is an answer, not an error.",
  ),
  tool_timeouts: run("calls", "tools", "Calls that ended by a time-out."),
  rate_limited: run("calls", "spans", "Answers that said there were too many: HTTP 429, or a provider's words for it."),
  auth_failures: run(
    "calls",
    "spans",
    "Answers that refused the credential: HTTP 401, an expired or unknown key or token.",
  ),
  schema_violations: run(
    "calls",
    "tools",
    "Calls refused for the shape of their arguments, and outputs that do not fit the declared schema.",
  ),
  empty_successes: run("calls", "results", "Calls that succeeded with nothing in them, one after the other."),
  unacknowledged_errors: run(
    "calls",
    "tools",
    "Failed calls that nothing answered: not tried again, not mentioned, and the run ended in success. A shell's exit code is an answer.",
  ),
  failed_endings: run("times", "runs", "The run said success, and the last thing it did had failed."),
  orphan_tool_calls: run(
    "calls",
    "tools",
    "Calls without an answer, or answered by an error without text, directly before the model refused to go on.",
  ),
  suspected_orphans: run("calls", "tools", "The same, where the provider does not say why it refused."),
  // Effects and decisions
  duplicate_effects: run(
    "calls",
    "arguments",
    "Writes done again with the same arguments in one run, after the first had succeeded.",
  ),
  denied_calls: run("calls", "decisions", "Decisions that refused a call."),
  executed_despite_deny: run("calls", "decisions", "Calls that happened although the decision on them had refused."),
  out_of_scope_intents: run(
    "times",
    "decisions",
    "Calls outside the capabilities the run was opened with, asked for or made.",
  ),
  new_capabilities: run("times", "decisions", "Tools that this agent had never used before this run, writes only."),
  // Content
  injection_markers: run("times", "content", "Results of tools that speak to the agent as if they gave orders."),
  followed_injections: run(
    "times",
    "content",
    "Calls that carry what such a result had named, and what nobody else had.",
  ),
  obeyed_in_words: run(
    "times",
    "content",
    "Such a result was read, and the agent gave up behind it, or its answer carries what the result had named.",
  ),
  refusals: run("times", "models", "Model answers that refused."),
  truncations: run("times", "models", "Model answers cut off at the token limit."),
  eval_score: run("score", "evaluations", "The lowest score the run was given, 0 to 1."),
  // Memory, waiting, resuming
  memory_writes: run("times", "decisions", "Writes to memory in the run."),
  memory_repeats: run("times", "arguments", "Writes to memory of what had been written before."),
  memory_bytes: run("bytes", "decisions", "Bytes written to memory in the run."),
  wait_cycle: run("runs", "heartbeats", "Runs that wait for each other in a circle."),
  wait_seconds: run("seconds", "heartbeats", "How long the run has waited for another run or lock."),
  lock_held_s: run("seconds", "locks", "How long the run has held its lock."),
  double_runs: run("runs", "runs", "Runs of the same agent, task and goal at the same time."),
  checkpoint_mismatches: run("times", "checkpoints", "Checkpoints whose state was not what had been saved."),
  resume_regression: run(
    "ratio",
    "checkpoints",
    "Steps of a resumed run divided by the median of the agent's fresh runs of the same task.",
  ),
  // Windows only
  runs: window("runs", "runs", "Runs that ended in the window."),
  failed_runs: window("runs", "runs", "Runs that ended in the window, and not in success."),
  lost_runs: window("runs", "runs", "Runs whose lease ran out in the window."),
  concurrent_runs: window("runs", "runs", "Runs that are open now."),
  cost_vs_baseline: window(
    "ratio",
    "cost",
    "Dollars of the window divided by the median of the same hours of the 28 days before.",
  ),
  silence_minutes: window("minutes", "spans", "Minutes since anything last arrived, where something arrived before."),
  pending_approvals: window("times", "approvals", "Questions that wait for a person."),
  shared_credentials: window("times", "decisions", "Agents that used one credential in the window."),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
