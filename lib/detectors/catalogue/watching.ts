import type { Category } from "../schema";

export const WATCHING: readonly Category[] = [
  {
    slug: "no_observability",
    name: "No observability",
    group: "watching",
    regime: "agent",
    severity: "high",
    symptom:
      "Something happened and nobody can say what: no trace, no arguments, no stop reason. Or data that always came has stopped coming.",
    cause:
      "The watch was built for requests and responses: rate, latency, status. No span per turn, no hash of arguments, no key of a write.",
    impact: "Nights of guessing, no root cause, and the same incident again.",
    prediction: "The first incident takes hours in place of minutes. The agent's own failures leave every graph green.",
    stop_reasons: ["internal_error", "lease_expired", "success"],
    runbook: {
      first: [
        "Does it still act, unseen? Stop the agent. What cannot be seen cannot be judged.",
        "Open the agent's page: which of its instances was last heard, and when?",
        "Take the evidence from the other side: what did its tools receive, and when?",
      ],
      then: [
        "Send its spans: one exporter, three variables, on the connect page.",
        "Report tool, hash of arguments, duration, status, cost and stop reason with every call and run.",
        "Set a rule on silence for each agent that should report. Let it only read until it does.",
      ],
      verify: "Of a new run you can say which tools, which arguments, how long, what cost, and why it ended.",
    },
    cannot_tell:
      "An agent that never reported does not exist here. A person has to hold the list of what is deployed against Agents.",
    seeds: [
      { seed: "000", says: "Page-load times and error rates are taken for watching agents." },
      { seed: "001", says: "Without a trace an action's reason cannot be rebuilt." },
      { seed: "003", says: "Infrastructure is healthy and the work is wrong; the first signal is a customer." },
      { seed: "004", says: "Without tools, hashes, times and stop reasons an incident is told, not read." },
    ],
  },
  {
    slug: "watching_wrong_production",
    name: "Watching the wrong production",
    group: "watching",
    regime: "agent",
    severity: "critical",
    symptom: "The dashboard is green and users report trouble. Or the reports look unclear, as if of another system.",
    cause: "What is watched is not what users reach: the infrastructure moved, and its list of targets did not.",
    impact:
      "Failures stay unseen for as long as the old system answers. Meanwhile an agent spends money and meets people.",
    prediction: "After every move, until somebody asks which URL the user is on.",
    stop_reasons: [],
    runbook: {
      first: [
        "Ask which URL the user is on, and open exactly that one.",
        "Hold it against the list of what is watched: same address, same version, last data when?",
        "Does an agent work there without sending spans? Stop it until it does.",
      ],
      then: [
        "Correct the target: URL, a marker to look for, and a dated picture of the list.",
        "Switch the old system off, so that it cannot answer.",
        "Read the reports of that time again. They were about something else.",
      ],
      verify: "A change made on purpose at the user's URL shows where you watch.",
    },
    cannot_tell:
      "Whether an address is the one that users see. A person has to look, and to look again after each move.",
    seeds: [
      {
        seed: "000",
        says: "A stale deployment kept answering and hid that nothing new arrived: look at the address first.",
      },
    ],
  },
  {
    slug: "misfired_deploy",
    name: "Misfired deploy",
    group: "watching",
    regime: "agent",
    severity: "high",
    symptom: "What runs is not what was released: a deploy failed unseen, or went to another environment.",
    cause: "The build differs from what was committed, or the pipeline points to an old target. Nobody looks after it.",
    impact: "Real users meet a version without watch, without safety and without a way back.",
    prediction: "Minutes after a deploy: runs keep the old version, or show up where none should be.",
    stop_reasons: ["internal_error", "lease_expired"],
    runbook: {
      first: [
        "Look at the newest runs: which version, and deployed in what? Hold it against the release.",
        "Real users on the wrong one? Stop its agents there.",
        "Go back to the last version that is known to work. Do not deploy over it.",
      ],
      then: [
        "Open the effects of what ran in the wrong place.",
        "Let the pipeline fail aloud, and check a marker at the target after each deploy.",
        "Release to a small share first, and compare the versions.",
      ],
      verify: "The newest runs carry the released version and the right environment, and the marker stands at the URL.",
    },
    cannot_tell: "A deploy that never arrives sends nothing. The pipeline's own result and a look at the target tell.",
    seeds: [
      {
        seed: "000",
        says: "Deploys failed on a lockfile for long, unseen; with agents, the wrong environment is worse.",
      },
    ],
  },
  {
    slug: "untested_failure_path",
    name: "Untested failure path",
    group: "watching",
    regime: "agent",
    severity: "warning",
    symptom: "It works in every test, and fails at the first time-out, 429, odd input or partial answer in production.",
    cause: "Tests follow the good path. Nobody has made its tools fail on purpose.",
    impact: "Production is where the failures are found, and nobody can say whether a fix works.",
    prediction: "At the first bad day of any dependency, or the first rude user.",
    stop_reasons: ["internal_error", "invalid_input", "tool_failed", "tool_timeout", "tool_output_invalid"],
    runbook: {
      first: [
        "Name what failed: time-out, limit, shape, credential or input. Then follow that category's runbook.",
        "Set safe mode for the agent: nobody knows where a path ends that was never tried.",
        "Did the last version do better? Compare its runs, and go back to it if so.",
      ],
      then: [
        "Make it a golden task: inject the same failure, and expect a stop reason.",
        "Add time-outs, 429, malformed output, hostile input and partial results that never end.",
        "Let no version go to all before these pass on a small share.",
      ],
      verify: "The case, injected, failed before the fix and ends with the expected stop reason after it.",
    },
    cannot_tell: "A test that does not exist. The list of golden tasks that were not run for a version shows it.",
    seeds: [
      { seed: "001", says: "Demos are tidy and production is not; models vary, so faults must be fed on purpose." },
      { seed: "003", says: "Twenty good demos and clean questions say nothing of real ones." },
      { seed: "004", says: "Evaluation of the good path only makes production the test." },
    ],
  },
  {
    slug: "unnamed_failure",
    name: "Unnamed failure",
    group: "watching",
    regime: "agent",
    severity: "warning",
    symptom:
      "The review says that nobody knew this could happen. Or it comes back with other inputs and another tool, and looks new.",
    cause:
      "The kind of failure was never listed, or was filed as an ordinary bug. After the first time no rule was added.",
    impact: "The wrong things are measured, and the second time costs as much as the first.",
    prediction: "The incident after an unnamed one is of the same kind.",
    stop_reasons: [],
    runbook: {
      first: [
        "Nobody has a name for it? Set safe mode for the agent until somebody does.",
        "Write down the symptom in one line, without a guess at the cause.",
        "Go through the catalogue by that symptom. Has it happened before, under another name?",
      ],
      then: [
        "Make an inventory entry: category, symptom, owner, and what would have told.",
        "Write its rule, and back-test it on the runs of this incident.",
        "Compare what happened with what was predicted, and correct the prediction.",
      ],
      verify: "The entry is armed, and the back-test shows that its rule would have fired.",
    },
    cannot_tell: "What nobody has named no rule looks for. Whoever closes the incident has to name it.",
    seeds: [
      {
        seed: "000",
        says: "Failures without a name are misfiled, and return because the first one left no telemetry.",
      },
    ],
  },
  {
    slug: "unowned_failure",
    name: "Unowned failure",
    group: "watching",
    regime: "agent",
    severity: "warning",
    symptom: "An alert stands and nobody takes it, each thinking another does. Approvals run out unanswered.",
    cause: "The owner is a team or a mailbox. There is no runbook, and no baseline to compare with.",
    impact: "Hours pass before the first act. A customer's complaint is the pager.",
    prediction: "The first alert at night without a named person. It stays open until the morning.",
    stop_reasons: ["approval_expired"],
    runbook: {
      first: [
        "Acknowledge the alert in your name.",
        "Make the first three moves of its category. You need no owner for a stop or safe mode.",
        "Find the person behind the agent's key in Settings, and tell them.",
      ],
      then: [
        "Give the entry one person as owner. A team is not one.",
        "Write its runbook, and note what normal looks like.",
        "Let approvals escalate to somebody who is awake.",
      ],
      verify: "Every entry that concerns this agent has a rule, a runbook and a person.",
    },
    cannot_tell: "Whether the named person still works here and reads alerts. A drill tells.",
    seeds: [
      { seed: "000", says: "A category owned by the team is owned by nobody." },
      { seed: "003", says: "When drift shows there is nobody to page, no baseline and no runbook." },
    ],
  },
  {
    slug: "unreviewed_deferral",
    name: "Unreviewed deferral",
    group: "watching",
    regime: "agent",
    severity: "info",
    symptom: "A failure comes that was to be dealt with later. Nobody remembers who put it off, or why.",
    cause: "It was put off in talk and not in writing, or its review date went by.",
    impact: "A known risk costs as much as an unknown one, and is harder to explain.",
    prediction: "Within the first months after launch, for one of the categories that were left for later.",
    stop_reasons: [],
    runbook: {
      first: [
        "Follow the runbook of the failure that is here now.",
        "Look up its entry: who put it off, why, and until when?",
        "Write its rule now. In observe it tells and does nothing.",
      ],
      then: [
        "Go through every overdue review on the same day: arm it, or defer it again with a reason and a date.",
        "Look at the categories without an entry. Those were put off without a word.",
      ],
      verify: "No review is overdue, and no category is without an entry or a written reason.",
    },
    cannot_tell:
      "What was put off without being written down. A person has to ask for each category that has no entry.",
    seeds: [{ seed: "000", says: "What is put off in silence is forgotten; in writing it is tracked." }],
  },
];
