import type { Category } from "../schema";

export const ANSWERS: readonly Category[] = [
  {
    slug: "wrong_answer",
    name: "Wrong answer",
    group: "answers",
    regime: "single_call",
    severity: "high",
    symptom: "A confident answer is false. Status 200, usual latency, no error anywhere.",
    cause:
      "The model fills a gap: a source that is missing, a question in mixed languages or in anger, a context too long. Nothing holds the answer against its sources.",
    impact:
      "People act on it, and other systems trust it. In one case it went on for 72 hours before a customer said so.",
    prediction: "In every agent that answers freely, most where test questions were clean and real ones are not.",
    stop_reasons: ["success", "output_rejected"],
    runbook: {
      first: [
        "Do its answers go straight to people? Pause the agent.",
        "Open the run: do the retrieved sources hold what the answer says?",
        "Look at the scores of its answers: since when, and for which kind of question?",
      ],
      then: [
        "Score answers for relevance, grounding and calibration before they leave; set output.grounding in the policy.",
        "Tell those who got a false one.",
        "Keep the question as a golden task, with the answer 'I do not know' where that is right.",
      ],
      verify: "For a day the scores are above their threshold, for the questions that failed as well.",
    },
    cannot_tell:
      "No structural rule sees a false sentence. An evaluator that compares answer and sources does, and a person who knows.",
    seeds: [
      { seed: "000", says: "Hallucination: one call goes in, something false comes out, the damage is local." },
      { seed: "001", says: "Plausible and incorrect, and trusted downstream." },
      { seed: "002", says: "The gap of a failed call is filled with what sounds right." },
      { seed: "003", says: "Wrong for three days, with 200s and green dashboards." },
      { seed: "004", says: "Values are made up where a tool's output did not fit." },
    ],
  },
  {
    slug: "silent_success",
    name: "Silent success",
    group: "answers",
    regime: "agent",
    severity: "high",
    symptom:
      "All says success and nothing was done: a 200 with an error inside or nothing in it, a record that is not there, or a run that ended well right after its last act had failed.",
    cause:
      "Success is read from a status and not from the effect. A tool swallows its error, or a harness reports a dead run as finished.",
    impact: "Others build on work that does not exist. It is found when somebody looks for the result.",
    prediction:
      "Green everywhere. In one set of real runs more than half of the successes had died on their last call.",
    stop_reasons: ["success"],
    runbook: {
      first: [
        "Look on the other side: is the record, the mail, the file there? The effects tab has its id.",
        "Open the last spans of the run: what did the final call answer, in its body?",
        "Filter Runs by this tool and by success: since when, and how many are hollow?",
      ],
      then: [
        "Demand the id or the count in the tool's output_schema, so that an empty success is refused.",
        "Read back after a write that matters.",
        "Do the missing work in a new run, and tell whoever waited for it.",
      ],
      verify: "Of a day's done effects ten are looked up, and all ten are there.",
    },
    cannot_tell:
      "A full, well-formed answer that is not true. Only a look at the other side, by a read-back or a reconciliation, can tell.",
    seeds: [
      { seed: "001", says: "Calls report success and do nothing; operators have a name for it." },
      { seed: "004", says: "A run that ends without a crash may still have done the wrong thing, or none." },
    ],
  },
  {
    slug: "compounding_errors",
    name: "Compounding errors",
    group: "answers",
    regime: "agent",
    severity: "warning",
    symptom: "Every step looks good enough, and most workflows still fail.",
    cause: "Steps multiply: 0.85 at each of ten is 19.7 % for the whole. Failures are handled at the end, if at all.",
    impact: "Four of five runs are lost, and no single step is to blame.",
    prediction: "Success falls with the number of steps. A demo of three steps says nothing about ten.",
    stop_reasons: ["no_progress", "tool_failed", "output_rejected", "success"],
    runbook: {
      first: [
        "Do too few of its runs end well to go on? Pause the task type.",
        "Open three failed runs: which is the first step that went wrong, not the last?",
        "Is it the same step in all three? Then go on with the runbook of what fails there.",
      ],
      then: [
        "Check each step's result before the next one begins.",
        "Try the step again, not the workflow. Take out steps that add nothing.",
        "Measure success per step, and mend the one that costs most.",
      ],
      verify: "For a week the success of whole workflows, not of steps, is above what was promised.",
    },
    cannot_tell: "Steps that nobody scores count as good. An evaluator per step tells where the loss is.",
    seeds: [{ seed: "003", says: "85 % per step leaves 19.7 % after ten steps, however good each looks." }],
  },
];
