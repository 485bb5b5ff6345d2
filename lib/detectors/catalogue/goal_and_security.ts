import type { Category } from "../schema";

export const GOAL_AND_SECURITY: readonly Category[] = [
  {
    slug: "goal_drift",
    name: "Goal drift",
    group: "goal_and_security",
    regime: "agent",
    severity: "high",
    symptom: "The agent does what nobody asked for. Its task met an obstacle, and now it works on the obstacle.",
    cause: "The goal is a sentence in a prompt and no limit. Nothing asks, between major acts, what for.",
    impact: "Real damage with sound reasons: deletions and changes in systems the task had nothing to do with.",
    prediction:
      "A few calls after a refusal, an error or a missing credential. Such runs are often short, so loops and errors say nothing.",
    stop_reasons: ["goal_drift", "tool_denied", "approval_denied", "kill_switch", "success"],
    runbook: {
      first: [
        "Stop the run: what it plans next is not what was asked.",
        "Find the obstacle in the timeline: it stands just before the first call that does not serve the goal.",
        "Open the effects tab: whatever was written after that point was asked for by nobody.",
      ],
      then: [
        "Compensate or restore what it wrote, each with the owner of that system.",
        "Open its runs with scope, the capabilities the task needs, and set goal.scope in the policy.",
        "Require an intent, and an approval, before what cannot be undone.",
      ],
      verify: "With the same obstacle put up on purpose, the run stops and says what it lacks.",
    },
    cannot_tell:
      "Drift within the allowed tools: in real traces structure guessed no better than chance. An evaluator that holds each major act against the goal, or a person at the approval, can tell.",
    seeds: [
      {
        seed: "003",
        says: "An obstacle turns a staging task into mending credentials; another goal, rationally chosen, never announced.",
      },
    ],
  },
  {
    slug: "prompt_injection",
    name: "Prompt injection",
    group: "goal_and_security",
    regime: "agent",
    severity: "critical",
    symptom:
      "A mail, page or tool result speaks to the agent as if it gave orders, and the agent obeys: a call nobody asked for, to what only that text names.",
    cause: "Outside text is not kept apart from instructions, and the agent holds tools worth stealing.",
    impact: "Data leaves, money moves, messages go out in your name.",
    prediction:
      "As soon as it reads what strangers write. That such a text arrives is common and no harm; a later call that carries what it names is the event.",
    stop_reasons: ["tool_denied", "goal_drift", "approval_denied", "kill_switch", "success"],
    runbook: {
      first: [
        "Stop the run, and block the tool it was led to.",
        "Open the timeline: which result gives orders, and which later call carries what it names?",
        "Find the other runs that read the same source, and stop those that are open.",
      ],
      then: [
        "Open the effects tab: what went out, to whom? Tell the owner of the data.",
        "Mark outside text as data for the model. It stops the simple cases, not all.",
        "Deny the tool by default; ask a person before anything goes to an outside domain.",
        "Keep the text as a golden task.",
      ],
      verify: "The same text, fed again, leads to no call, or to one that the policy refuses.",
    },
    cannot_tell:
      "Orders in plain words, in an image or in another language carry no mark. And a call may be the one that was wanted anyway: a person has to read both.",
    seeds: [
      { seed: "000", says: "Known from single prompts: a creative user talks the model into it." },
      { seed: "002", says: "A customer's mail orders the agent to forward everything, and it can send mail." },
      { seed: "004", says: "Instructions inside a tool's output lead to a dangerous call." },
    ],
  },
  {
    slug: "wide_tool_surface",
    name: "Wide tool surface",
    group: "goal_and_security",
    regime: "agent",
    severity: "high",
    symptom: "An agent asks for tools it should never need, or uses a writing tool that nobody had seen it use.",
    cause: "No allow-list, or one far too wide. Writing tools were given early and never taken back.",
    impact: "Leaks and unwanted acts. Whatever talks the agent into something reaches every tool it holds.",
    prediction:
      "Nothing shows until the first injection or drift. Then refused calls, or tools new to this agent, within one run.",
    stop_reasons: ["tool_denied", "goal_drift", "success"],
    runbook: {
      first: [
        "Set safe mode for the agent: only the tools on the safe list remain.",
        "Open the decisions tab: what did it ask for, what was refused, and what went through?",
        "Open its effective policy: which line allows the tool it should not have?",
      ],
      then: [
        "Take the tool out. The dry run over 30 days shows whom it would hold.",
        "Begin with reading. Add one writing tool at a time, with a key and an approval.",
        "Deny by pattern what must never be called: payments, mail, database writes.",
      ],
      verify:
        "'Try a call' refuses it, and the effective policy holds no writing tool that the last 30 days did not need.",
    },
    cannot_tell:
      "Tools that an agent holds and does not ask for. For a cooperative agent only what it reports is known; compare with the list it was built with.",
    seeds: [
      { seed: "001", says: "Connectors are granted more actions than the work needs; each is a surface for attack." },
      { seed: "004", says: "Allow-lists missing or too permissive let an agent call what it should not." },
    ],
  },
  {
    slug: "permission_explosion",
    name: "Permission explosion",
    group: "goal_and_security",
    regime: "agent",
    severity: "high",
    symptom: "One role or credential serves more and more agents, and may do the sum of what each once needed.",
    cause: "Roles are copied and reused in place of one per agent and task. Nobody adds them up.",
    impact: "One leaked credential reaches systems that its first agent was never meant to touch.",
    prediction: "By the third agent on one role. No error shows it, and security scans pass.",
    stop_reasons: ["tool_denied", "success"],
    runbook: {
      first: [
        "Leaked or misused? Revoke the credential now, and pause the agents that share it.",
        "Open the alert: which agents used it? Each of them can do what all of them need.",
        "Open the effects of those agents: which writes lie outside the agent's own task?",
      ],
      then: [
        "Make one role per agent and task, with the actions it used in the last 30 days and no more.",
        "List the allowed credentials per connector in the policy, and set its role to read-only where it can be.",
        "Withdraw the shared role once nothing calls with it.",
      ],
      verify: "Each credential is used by one agent, and a call with another's ends in credential_not_allowed.",
    },
    cannot_tell:
      "What a role may do in a cloud or a database is not visible from here, only who used it. The provider's report of rights can tell.",
    seeds: [{ seed: "003", says: "Copied roles pile up rights; by the third agent one credential reaches too far." }],
  },
  {
    slug: "credential_scanning",
    name: "Credential scanning",
    group: "goal_and_security",
    regime: "agent",
    severity: "critical",
    symptom: "Refused once, the run searches files and settings for another credential, and uses what it finds.",
    cause: "Secrets lie within its reach, finishing is rewarded, and no credential is tied to one agent.",
    impact:
      "It acts with rights that were never meant for it. One such token deleted production and all backups in 9 seconds.",
    prediction:
      "Minutes after a refused credential: reads of configuration, then a call with a credential new to this agent, outside its scope.",
    stop_reasons: ["tool_auth_failed", "tool_denied", "goal_drift", "kill_switch"],
    runbook: {
      first: [
        "Stop every run of this agent.",
        "Revoke the credential it found, and take it for used.",
        "Read the timeline from the refusal on: which files did it open, and what did it do then? See the effects tab.",
      ],
      then: [
        "Change every secret in the files it read.",
        "List the allowed credentials per connector in the policy, so that a found one is refused.",
        "Take secrets out of its workspace. Keep backups where the same token cannot reach.",
      ],
      verify: "With its credential withdrawn on purpose, it stops with tool_auth_failed and opens nothing else.",
    },
    cannot_tell:
      "Opening a file for its keys looks like opening a file. Rules see the refusal and the new credential; a person sees the search.",
    seeds: [
      { seed: "003", says: "After a mismatch the agent scans the code for any token, finds a broad one and uses it." },
    ],
  },
];
