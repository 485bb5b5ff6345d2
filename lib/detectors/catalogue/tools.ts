import type { Category } from "../schema";

export const TOOLS: readonly Category[] = [
  {
    slug: "silent_tool_failure",
    name: "Silent tool failure",
    group: "tools",
    regime: "agent",
    severity: "high",
    symptom:
      "A call fails and the run goes on as if it had not: no second try, no word of it. The report has figures that come from nowhere, or from last week.",
    cause: "The agent is told to complete its task. The failure does not reach it as data, so it fills the gap.",
    impact: "Invented data in a good-looking answer. Whoever uses it finds out, hours or days later.",
    prediction:
      "Nothing turns red. The run ends in success and holds a failed call that nothing answered. Expect it wherever a tool fails rarely.",
    stop_reasons: ["success", "tool_failed"],
    runbook: {
      first: [
        "Hold back what this run made, and tell those who have it already.",
        "Open the timeline at the red call and read on: does any later text or call take notice of it?",
        "Filter Runs by this tool and by success: which others ended well on the same failure?",
      ],
      then: [
        "Give every result back as ok with data, or as not ok with an error. On the second, the agent stops and says so.",
        "Make the call by hand: what should it have answered? Redo the work with that.",
        "Hold the output against its sources before it leaves: output.grounding in the policy.",
      ],
      verify: "With this tool made to fail on purpose, the run stops and names the tool.",
    },
    cannot_tell:
      "Figures made up without any failed call, and failures that a tool hides in a good-looking answer. An evaluator that compares answer and sources sees both.",
    seeds: [
      { seed: "002", says: "After a 503 the agent fills in data of its own and finishes with confidence." },
      { seed: "003", says: "A tool error is passed over, and the run proceeds as if there had been a result." },
    ],
  },
  {
    slug: "tool_timeout",
    name: "Tool time-out",
    group: "tools",
    regime: "agent",
    severity: "warning",
    symptom: "Calls of a tool end by time-out. Runs get long, callers give up first, and the time-outs spread upward.",
    cause: "The tool is slow, the time allowed does not fit it, or the request is too large for it.",
    impact: "Each one may hold a run for its full length. A write that timed out may have happened all the same.",
    prediction: "It rises with the load on the tool. A few of them use up the time of a whole run.",
    stop_reasons: ["tool_timeout", "time_budget", "circuit_open"],
    runbook: {
      first: [
        "Was it a write? Open the effects tab and find out downstream whether it happened, before anything repeats it.",
        "Do other runs time out on this tool? Then it is the tool: block it, or set safe mode for its agents.",
        "Only this run? Open the call: its arguments say whether it asked for too much.",
      ],
      then: [
        "Set timeouts_s for the tool from what its good calls take.",
        "Turn on its circuit breaker: time-outs count, and the tool gets rest.",
        "Ask for less per call: pages, fewer fields, a narrower time.",
      ],
      verify: "For an hour at usual load its time-outs are at their usual number, and no effect is unknown.",
    },
    cannot_tell: null,
    seeds: [{ seed: "004", says: "Tools time out; classified by itself, so that it can be told from other failures." }],
  },
  {
    slug: "tool_rate_limited",
    name: "Tool rate-limited",
    group: "tools",
    regime: "agent",
    severity: "warning",
    symptom:
      "Answers say that there were too many requests: 429, or a provider's words for it. Others who use the same key are hit as well.",
    cause:
      "All callers count together: many runs at once, a loop, or a retry storm. Or a quota is spent and does not come back before the month ends.",
    impact: "Work slows or stops, and integrations that have nothing to do with agents break with it.",
    prediction:
      "At a burst of runs, or right after another failure. Retries then make more of it: one vendor counted 8.4 million such errors in March 2026.",
    stop_reasons: ["tool_rate_limit", "circuit_open"],
    runbook: {
      first: [
        "Read the answer's words in the timeline: a limit per minute passes by itself, a spent quota does not.",
        "Filter Runs by this tool: who calls it most? Stop a loop before you slow down the rest.",
        "Pause the task types that can wait, and let the others through.",
      ],
      then: [
        "Set rate_limit_per_min on the connector, below the provider's limit. It holds across all replicas.",
        "Wait as long as the answer asks. After a spent quota do not try again at all.",
        "Give agents a key of their own, so that they cannot use up other people's limit.",
      ],
      verify: "An hour at usual load without one such answer, with nothing paused any more.",
    },
    cannot_tell: null,
    seeds: [
      { seed: "001", says: "Outside services throttle agents, and writes fail or vanish." },
      {
        seed: "003",
        says: "8.4 million rate-limit errors in one vendor's data in a month, often answered with retries.",
      },
      { seed: "004", says: "A tool called far too often answers 429, and its other users suffer with it." },
    ],
  },
  {
    slug: "tool_auth_expired",
    name: "Tool credential expired",
    group: "tools",
    regime: "agent",
    severity: "high",
    symptom:
      "A tool or model provider refuses the credential: 401, a key that is expired or unknown. Every run that uses it fails at the same call.",
    cause: "A key or token has expired, was revoked or was changed, and nobody renewed it for the agents.",
    impact: "Each new run dies at once, in rows of dozens. An agent under pressure may look for another credential.",
    prediction:
      "On the day the credential ends, for everybody at once. Without a breaker each start of a run is one more failure.",
    stop_reasons: ["tool_auth_failed", "circuit_open", "internal_error"],
    runbook: {
      first: [
        "Pause the agents that use it: every new run fails in the same way, and retries can lock the account.",
        "Read the refusal in the timeline: expired, revoked, or lacking a right?",
        "Look at the calls after the refusal: did any run go for another credential? Stop that run.",
      ],
      then: [
        "Renew the credential where it is kept. Release the pause for one agent first.",
        "Find every agent that shares it, and give each its own.",
        "Redo what was refused, and note the next expiry where somebody will see it.",
      ],
      verify: "One run of each agent that uses it has got past the call.",
    },
    cannot_tell: null,
    seeds: [
      { seed: "001", says: "Connectors' credentials expire, and writes fail from then on." },
      { seed: "003", says: "An expired OAuth token leaves an empty answer that gets filled in, or tried again." },
      { seed: "004", says: "A 401 is a class of its own, with a stop reason of its own." },
    ],
  },
  {
    slug: "tool_schema_drift",
    name: "Tool schema drift",
    group: "tools",
    regime: "agent",
    severity: "high",
    symptom:
      "A tool refuses calls for the shape of their arguments, or its answers no longer fit their declared schema: a field is gone, renamed or newly required.",
    cause: "The tool has changed and the agent's picture of it has not. A cached definition can lag behind for days.",
    impact: "Retry loops, writes that silently do nothing, or a value made up where the field was.",
    prediction: "From one minute to the next, for every run that uses the tool, at the provider's release.",
    stop_reasons: ["tool_output_invalid", "tool_failed", "loop_detected"],
    runbook: {
      first: [
        "Does the tool write? Block it on Controls: an answer half understood leads to a second write.",
        "Open a good run of last week and a bad one of now: which field differs?",
        "Filter Runs by this tool and by success since the change: which of them filled the gap?",
      ],
      then: [
        "Bring the tool's description up to date, and its output_schema in the policy's catalogue.",
        "Keep validation.output.fail_closed on, so that a misfit ends the call and not the truth.",
        "Restart instances that hold an old definition.",
        "Add the changed shape to the golden tasks.",
      ],
      verify: "No call is refused for its shape for a day; a wrong shape in a test ends in tool_output_invalid.",
    },
    cannot_tell:
      "A field that keeps its name and changes its meaning, such as cents for dollars. A validator with plausible bounds sees it, or a person.",
    seeds: [
      { seed: "001", says: "Responses change shape and break agents in ways one can foresee." },
      { seed: "003", says: "The tool changes, the agent is not told; it fills the gap or loops." },
      { seed: "004", says: "A changed schema leads to a crash elsewhere, or to a value made up." },
    ],
  },
  {
    slug: "tool_misuse",
    name: "Tool misuse",
    group: "tools",
    regime: "agent",
    severity: "high",
    symptom:
      "The tool works and was asked for the wrong thing: a malformed argument, another record's id, the wrong tool. Later steps build on what it answered.",
    cause: "Descriptions overlap or say too little, and nothing checks an argument before the call.",
    impact: "One bad argument at step 2 spoils every step that rests on it, and nothing reports an error.",
    prediction:
      "The refused ones come back as loops: in one set of real traces the loops were malformed calls. The dangerous ones are accepted, and seen days later.",
    stop_reasons: ["invalid_input", "tool_failed", "tool_output_invalid", "success"],
    runbook: {
      first: [
        "Stop the run if it still acts on the wrong answer.",
        "Open the timeline at the first call that looks wrong and read its exact arguments.",
        "Follow its result: which later calls carry it? The effects tab has the writes to put right.",
      ],
      then: [
        "Put a condition on the argument into the policy; its dry run shows what else it would have held.",
        "Say in each tool's description when not to use it. Remove one of two that look alike.",
        "Keep the bad arguments as a golden task.",
      ],
      verify: "The task, run again, makes this call with arguments that a person would sign.",
    },
    cannot_tell:
      "A well-formed call that means the wrong thing. A validator that knows the data, an evaluator, or a person at the approval can tell.",
    seeds: [
      {
        seed: "003",
        says: "The most common failure of agents: wrong tool or bad argument early, silent damage after.",
      },
    ],
  },
  {
    slug: "dependency_outage",
    name: "Dependency outage",
    group: "tools",
    regime: "agent",
    severity: "high",
    symptom: "A tool or provider answers 502 or 503, or not at all, in all runs at once. Some answers come in part.",
    cause: "A service that nobody here controls is down or degraded.",
    impact: "Work stops. Worse, agents go on with partial data, or retry until they hit limits elsewhere.",
    prediction: "All runs that need it fail within the same minutes. With a breaker the count ends at its threshold.",
    stop_reasons: ["tool_failed", "circuit_open", "tool_timeout"],
    runbook: {
      first: [
        "Set safe mode for the agents that need it: reading goes on, writing waits.",
        "Filter Runs by this tool and look at the provider's status page: is it down for all, or for us?",
        "Open the effects since the first error: what is unknown stays unsettled until the other side answers.",
      ],
      then: [
        "Leave the breaker to its probe. It finds out that the service is back and lets calls through bit by bit.",
        "Settle the unknown effects, then release safe mode agent by agent.",
        "Begin the stopped work again, the most wanted first.",
        "Write down which tasks may go on with partial data. All others must stop.",
      ],
      verify: "An hour without its errors at usual load, every switch released, no effect unknown.",
    },
    cannot_tell:
      "An outage that answers 200 with half of the data. A declared output schema or a check of totals sees it.",
    seeds: [
      { seed: "001", says: "Third parties go down or return only part." },
      { seed: "002", says: "The API is down, and the agent hammers on or makes things up." },
      { seed: "004", says: "A degraded API with scattered 502s began the ticket incident." },
    ],
  },
  {
    slug: "unvalidated_output",
    name: "Unvalidated output",
    group: "tools",
    regime: "agent",
    severity: "warning",
    symptom:
      "The agent takes an empty answer, an error page or a broken structure for data. It crashes later, somewhere else, or works with a value that nobody gave it.",
    cause: "No schema is declared, no sums are checked, and what a tool says is trusted.",
    impact: "Silent corruption. The crash, if there is one, points to the wrong place.",
    prediction: "At the first rare answer: an error inside a 200, or a count of hits without the documents.",
    stop_reasons: ["tool_output_invalid", "internal_error", "success"],
    runbook: {
      first: [
        "Stop runs that write on the strength of it; the effects tab says which have.",
        "Open the raw tab at the last result before the trouble: what came back, word for word?",
        "Filter Runs by this tool in that hour: who else got the same answer?",
      ],
      then: [
        "Declare the tool's output_schema in the policy's catalogue. What does not fit ends the call.",
        "Check what must agree: a total of 12 needs 12 documents.",
        "Give the agent such an answer as an error, not as text.",
      ],
      verify: "A malformed answer, injected in a test, ends that run at that call with tool_output_invalid.",
    },
    cannot_tell:
      "Without a declared schema nobody can say that an answer is malformed: no alert then means unknown, not good.",
    seeds: [
      { seed: "003", says: "Hits are counted and no documents come; tool answers are foreign data until checked." },
      { seed: "004", says: "No schema on outputs: a late crash, or a gap smoothed over." },
    ],
  },
  {
    slug: "stale_data",
    name: "Stale data",
    group: "tools",
    regime: "agent",
    severity: "warning",
    symptom: "Answers and writes rest on old or half-updated data. A cache says what its source no longer says.",
    cause:
      "A cache hides that its source is broken, or two snapshots of different times are combined. The agent assumes that all will agree in the end.",
    impact: "Unsafe acts on a state that no longer exists.",
    prediction: "Unseen while everything reads. It shows at the first important write that misses the cache.",
    stop_reasons: ["success", "tool_failed", "output_rejected"],
    runbook: {
      first: [
        "Set safe mode for the agents that write from this source.",
        "Hold one figure of the answer against the source itself: how old is it?",
        "Bypass or clear the cache, and look whether the source really answers.",
      ],
      then: [
        "Open the effects since the last fresh data: which writes have to be looked at?",
        "Let the tool return the time of its data with the data.",
        "Refuse writes that rest on older data than the task allows, by a condition or a validator.",
      ],
      verify: "New runs carry data no older than the task allows, and say its time.",
    },
    cannot_tell:
      "The age of data that does not say its age. A validator that reads the source just before the write can tell.",
    seeds: [
      { seed: "001", says: "A cache covers up a broken source until one write needs the truth." },
      { seed: "002", says: "A customer asks why the report is a week old." },
    ],
  },
];
