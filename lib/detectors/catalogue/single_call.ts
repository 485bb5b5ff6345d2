import type { Category } from "../schema";

export const SINGLE_CALL: readonly Category[] = [
  {
    slug: "latency_spike",
    name: "Latency spike",
    group: "single_call",
    regime: "single_call",
    severity: "warning",
    symptom: "Answers of a model or a tool take several times as long as usual. People and callers give up.",
    cause: "The provider is slow, the input is larger than usual, or calls wait for each other.",
    impact: "Time budgets run out, and a caller that gave up asks again: then the same work is done twice.",
    prediction: "In waves of minutes to hours at the provider's busy times, for all agents on one model.",
    stop_reasons: ["time_budget", "tool_timeout", "cancelled"],
    runbook: {
      first: [
        "Open a slow run's timeline: is it the model, one tool, or waiting in between?",
        "Do callers ask again? Look for the same goal twice in Runs, and stop the younger one.",
        "Pause the task types that can wait until the provider is back to normal.",
      ],
      then: [
        "Did the input grow as well? Then go on with context blow-up.",
        "Give the task type a latency budget, and route it to a faster model above it.",
        "Let callers wait longer than the slowest good run.",
      ],
      verify: "For an hour the 95th percentile of the task is back where it was last week.",
    },
    cannot_tell: null,
    seeds: [
      { seed: "000", says: "One of the known failures of single calls." },
      { seed: "001", says: "Slow model calls add to spend; each task type wants a latency budget." },
    ],
  },
  {
    slug: "refusal",
    name: "Refusal",
    group: "single_call",
    regime: "single_call",
    severity: "info",
    symptom: "The model declines a request that is fine. The run ends, or asks again in other words.",
    cause: "A safety training or a filter is set off by words in the input, often by text that came from a tool.",
    impact: "A person gets no answer. In an agent, one refusal can end a long workflow near its end.",
    prediction: "After a change of model or prompt, in bunches, for certain words.",
    stop_reasons: ["output_rejected", "no_progress", "success"],
    runbook: {
      first: [
        "Read what was refused in Turns: was the request fine?",
        "Look at the text just before it: did a tool's result bring the words, or an injection?",
        "Since when? If since a new model or prompt, go back to the last one.",
      ],
      then: [
        "Was the refusal right? Then look at how the request came about.",
        "Let the run end with a plain word to the person, not with another try.",
        "Keep the request as a golden task.",
      ],
      verify: "The request is answered, and the rate of refusals is back at its usual level for a day.",
    },
    cannot_tell:
      "Refusals in polite words that no pattern knows, and whether one was right. An evaluator or a person can tell.",
    seeds: [{ seed: "000", says: "A valid input is refused." }],
  },
  {
    slug: "truncation",
    name: "Truncation",
    group: "single_call",
    regime: "single_call",
    severity: "warning",
    symptom: "An answer stops in the middle: a list is short, JSON has no end, the last argument of a call is cut off.",
    cause: "The answer reached its token limit, or too little room was left by the input.",
    impact: "A cut-off list looks complete. A cut-off call fails, or writes half of a text.",
    prediction: "With the longest inputs and answers, first where the limit was never set on purpose.",
    stop_reasons: ["token_budget", "tool_output_invalid", "success"],
    runbook: {
      first: [
        "Open Turns at the cut answer: was anything written with it? See the effects tab.",
        "How large was the input of that turn? If it left no room, go on with context blow-up.",
        "Do other runs of this task end the same way? Pause the task type.",
      ],
      then: [
        "Raise the answer's limit for this task, or ask for the answer in parts.",
        "Treat an answer that ended at its limit as an error in the agent's code.",
        "Check that lists have as many items as were asked for.",
      ],
      verify: "The longest known input gives a whole answer, and no answer of a day ends at its limit.",
    },
    cannot_tell:
      "Providers that do not say why an answer ended, and tools that cut their results themselves. A schema or a count can tell.",
    seeds: [{ seed: "000", says: "Answers end at a token limit." }],
  },
  {
    slug: "unclassified_error",
    name: "Unclassified error",
    group: "single_call",
    regime: "single_call",
    severity: "warning",
    symptom: "Runs end in internal_error. The text is an exception's name and tells no one what to do.",
    cause: "An exception is caught in one place for all, and time-outs, limits and bugs become the same word.",
    impact: "Nobody knows which runbook to open, and counts by stop reason say nothing.",
    prediction: "In the first weeks of every new agent, and after each new tool.",
    stop_reasons: ["internal_error"],
    runbook: {
      first: [
        "Open the last spans before the end: is it a tool, the model, or the agent's own code?",
        "Filter Runs by internal_error: do they share a minute, an instance or a version?",
        "Open the effects tab before it is started again: nothing has been undone.",
      ],
      then: [
        "Is it one version or one instance? Go back, or take the instance out.",
        "Map what it was to its stop reason: a time-out, a 429, a 401, a misfit, a bug.",
        "Report type and message of the error when the run finishes.",
      ],
      verify: "The next error of this kind ends with a stop reason of its own, and internal_error is rare.",
    },
    cannot_tell: null,
    seeds: [
      { seed: "000", says: "Uncaught exceptions are what ordinary monitoring is built for." },
      { seed: "004", says: "If all is called error, whoever is on call has nothing to act on." },
    ],
  },
];
