import type { Category } from "../schema";

export const CONTEXT_AND_MEMORY: readonly Category[] = [
  {
    slug: "context_blowup",
    name: "Context blow-up",
    group: "context_and_memory",
    regime: "agent",
    severity: "high",
    symptom:
      "The input of a turn jumps by thousands of tokens or comes near what the model can hold. Turns get slow and dear; the run ends on an error of size, or begins to forget.",
    cause:
      "A result too large for its turn: a long document, a wide query, or several results at once that each stay under their cap. Nothing cuts it where it comes in.",
    impact:
      "Every later turn pays for it again. By step 20 one call may carry 50,000 tokens, and hundreds of such calls are an invoice. The first instruction drowns in it.",
    prediction:
      "A document that nobody tested turns 2k tokens into 40k in one turn. Growth since the first call is normal, 6 to 13 times in real runs; the jump and the absolute size are what count.",
    stop_reasons: ["context_budget", "token_budget", "cost_budget"],
    runbook: {
      first: [
        "Open Turns and find the jump in context: the call just before it brought the text in.",
        "Stop the run if it still grows: each further turn sends all of it again.",
        "Do other runs read the same document or query? Pause the task type until it is cut.",
      ],
      then: [
        "Cut it at the source: a page, a summary, a pointer. A tool that answers with less is the lasting repair.",
        "Set context.max_input_tokens in the policy, below what the model holds.",
        "Keep the document as a golden task.",
      ],
      verify: "A run over the same input stays below the limit you set and gives the right answer.",
    },
    cannot_tell:
      "Which part of the text was needed. An evaluator has to check that the answer from the shorter context is still right.",
    seeds: [
      { seed: "000", says: "A long-tail document makes 40k tokens of a context of 2k." },
      { seed: "001", says: "Long contexts raise token use until spend jumps." },
      {
        seed: "003",
        says: "Each call sends the whole history; tokens per workflow doubled in a year, for heavy users fourfold.",
      },
      { seed: "004", says: "Memory that bloats the prompt costs money and time." },
    ],
  },
  {
    slug: "context_drift",
    name: "Context drift",
    group: "context_and_memory",
    regime: "agent",
    severity: "high",
    symptom:
      "The agent gets worse without any error. It lacks facts it was given, bends its first instruction, or sounds like another agent than last week. It reads like hallucination.",
    cause:
      "Old context outweighs the instruction. Summaries leave things out, deletions and changed schemas make older parts unreadable, and 200k tokens of history stand against one paragraph.",
    impact: "Answers that are slightly wrong for days, in the agent's usual tone. A customer is the first to tell.",
    prediction:
      "Right in the first session, odd by the sixth; or right at step 3 and off by step 10. Nothing shows it before a complaint, unless answers are scored over time.",
    stop_reasons: ["success", "output_rejected", "goal_drift"],
    runbook: {
      first: [
        "Set safe mode for the agent: it acts on what it wrongly remembers.",
        "Open a good run and a bad one, same task: which fact does the bad one lack, and in which turn is it lost?",
        "What changed when it began: model, version, summary, shape of its memory? Go back to the last good version.",
      ],
      then: [
        "Begin sessions from a short written state of some 500 tokens: goal, decisions, what not to do, open items.",
        "Send the first instruction with every turn, and hand results on as fields.",
        "Score every answer, and set a rule on the score.",
      ],
      verify: "For a week long runs score as well as short ones.",
    },
    cannot_tell:
      "Tokens and calls hardly tell a drifting run from a good one. An evaluator that scores answers over time, or a person who compares two sessions, can.",
    seeds: [
      {
        seed: "001",
        says: "Stored context decays by compression, deletion and changed schemas until needed facts are gone.",
      },
      { seed: "002", says: "By session six the same instructions yield another tone and other decisions." },
      {
        seed: "003",
        says: "New tool output thins out the first instruction; nobody owns the drift and no baseline shows it.",
      },
    ],
  },
  {
    slug: "memory_write_amplification",
    name: "Memory write-amplification",
    group: "context_and_memory",
    regime: "agent",
    severity: "warning",
    symptom: "An agent writes to shared memory all the time, often the same fact. The store grows and never shrinks.",
    cause: "It writes inside a loop, or stores again, as new, what it has just recalled.",
    impact: "The store gets slow and dear. The repeated fact drowns the others in every retrieval, for every agent.",
    prediction:
      "Writes grow with the turns and most are repeats. Reported: 212 memories in 253 turns, and one fact stored 31 times.",
    stop_reasons: ["tool_budget", "loop_detected", "success"],
    runbook: {
      first: [
        "Set safe mode for the agent: it can read and no longer writes.",
        "Open the decisions tab: which memory writes, how often, after which step?",
        "Find the other agents that read this store: they now recall the copies.",
      ],
      then: [
        "Delete the copies from the store and keep one of each.",
        "Set memory.max_writes and memory.max_bytes in the policy.",
        "Make the agent mark what it has recalled, so that it is not stored again.",
      ],
      verify: "Over a day of normal work the number and size of memories stay flat.",
    },
    cannot_tell:
      "Writes that go past the control plane. The size of the store itself shows those: watch it where it stands.",
    seeds: [
      { seed: "000", says: "Writes to shared memory in a loop inflate the store without bound." },
      { seed: "004", says: "Memory that nobody manages grows and turns into cost and latency." },
    ],
  },
  {
    slug: "memory_stale",
    name: "Stale memory",
    group: "context_and_memory",
    regime: "agent",
    severity: "warning",
    symptom: "Decisions rest on what was once true: last quarter, a former price, a closed account.",
    cause: "A memory has no expiry, and nothing checks it when it is recalled.",
    impact: "Wrong reports and wrong writes, all well reasoned. People lose trust before they find the one old fact.",
    prediction: "First after a date turns. In one case an agent still worked with Q3 in November.",
    stop_reasons: ["success", "output_rejected"],
    runbook: {
      first: [
        "Does it write on the strength of it? Set safe mode for the agent.",
        "Find in the timeline where the fact was recalled. It is older than this run: look for the run that stored it.",
        "Correct or delete that memory in its store, and others of the same age.",
      ],
      then: [
        "Open the effects of the runs since the fact went out of date: what has to be done again?",
        "Give memories an expiry, shorter for what changes by calendar.",
        "Before a write, check the fact at its source by a validator in the policy.",
      ],
      verify: "Asked again, the agent gives the new fact and says where it comes from.",
    },
    cannot_tell: "No rule here knows what is true today. An evaluator with the source at hand, or a person, does.",
    seeds: [{ seed: "004", says: "A stored quarter outlived itself and made reports wrong." }],
  },
  {
    slug: "memory_poisoned",
    name: "Poisoned memory",
    group: "context_and_memory",
    regime: "agent",
    severity: "high",
    symptom: "In run after run the agent takes the same wrong or harmful decision, and names its memory as the reason.",
    cause: "Bad data, or an order from outside, was stored as a fact and is recalled without a check.",
    impact: "Every agent that reads the store is steered by it, long after the run that stored it.",
    prediction:
      "It comes in through a result that speaks to the agent. It shows days later, in runs that never saw that result.",
    stop_reasons: ["success", "tool_denied", "goal_drift"],
    runbook: {
      first: [
        "Set safe mode for every agent that reads this memory.",
        "Find the run that stored it: its decisions tab has the memory writes, with time and size.",
        "Delete the entry, and whatever else that run stored.",
      ],
      then: [
        "Read that run's timeline above the write: which text had it just read? Treat it as an injection.",
        "Open the effects of runs since then: what was done on the strength of it?",
        "Limit memory.scopes in the policy to the agent's own, and check entries when they are recalled.",
      ],
      verify: "The entry is gone from the store, and a fresh run decides as runs did before it.",
    },
    cannot_tell:
      "Whether a stored sentence is true or well meant. Marks of an injection hint at where it came from; a person has to read it.",
    seeds: [{ seed: "004", says: "Bad data in memory leads to bad decisions." }],
  },
  {
    slug: "memory_leak_across_tenants",
    name: "Memory leak across tenants",
    group: "context_and_memory",
    regime: "agent",
    severity: "critical",
    symptom: "An answer or a call holds names, documents or figures that belong to another tenant.",
    cause: "Retrieval is not bound to tenant, user and session. A shared index is searched by likeness alone.",
    impact: "A breach of confidence, perhaps one that must be reported. It cannot be taken back.",
    prediction: "First between two tenants whose questions are alike. A customer finds it, not a dashboard.",
    stop_reasons: ["success", "output_rejected", "tool_denied"],
    runbook: {
      first: [
        "Pause the agent for all tenants: each further answer may leak.",
        "Open the run and find the retrieval that brought it: which index, whose documents?",
        "Tell whoever answers for privacy, with run ids and times. Delete no evidence.",
      ],
      then: [
        "List this agent's runs that searched the same index since it was last changed.",
        "Bind retrieval to the tenant in the store itself. The prompt is no wall.",
        "Set memory.scopes in the policy, so that a call outside its scope is refused.",
        "Purge what was remembered from the other tenant's data.",
      ],
      verify: "A question whose answer only another tenant's data holds finds nothing, in every agent on that index.",
    },
    cannot_tell:
      "Structure does not show whose data a text holds. A planted marker per tenant, or an evaluator that knows the tenants' names, can.",
    seeds: [{ seed: "004", says: "Retrieval without a scope hands one tenant's data to another." }],
  },
  {
    slug: "checkpoint_corruption",
    name: "Checkpoint corruption",
    group: "context_and_memory",
    regime: "agent",
    severity: "high",
    symptom:
      "A resumed run does worse than a fresh one, repeats what was done, or dies at once: the model refuses a history in which a tool call has no answer.",
    cause: "A crash or a kill in mid-call leaves half a state, and the resume takes it for whole.",
    impact:
      "Work is lost or done twice. The journal may still say success: in one set of real runs it did so for most of the dead ones.",
    prediction:
      "At the first resume after a crash or a deploy, within seconds: a state hash that does not match, or a 400 right after a call that was never answered.",
    stop_reasons: ["internal_error", "lease_expired", "no_progress", "success"],
    runbook: {
      first: [
        "Do not resume it again: each try may repeat its writes.",
        "Open the timeline just before the break: is there a call without an answer, or an error without a text?",
        "Open the effects tab: what had been written by then? Begin afresh only when you know.",
      ],
      then: [
        "Start the task anew from its inputs. A broken state is not mended at night.",
        "Filter Runs by lost and by this minute: a deploy breaks its neighbours in the same way.",
        "Verify a checkpoint before the resume, and answer every open call with a written error when a run is closed.",
      ],
      verify: "A run killed on purpose resumes, repeats no write, and needs no more steps than a fresh one.",
    },
    cannot_tell:
      "A resume that lost part of its history before the hash was taken passes every check. Holding its result against a fresh run's shows it.",
    seeds: [{ seed: "000", says: "Half a state after a crash makes the resume worse than beginning again." }],
  },
];
