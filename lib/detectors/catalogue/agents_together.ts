import type { Category } from "../schema";

export const AGENTS_TOGETHER: readonly Category[] = [
  {
    slug: "multi_agent_deadlock",
    name: "Multi-agent deadlock",
    group: "agents_together",
    regime: "agent",
    severity: "high",
    symptom: "Two or more runs wait for each other. All say running, none takes a step, and there is no error.",
    cause: "Each needs the other's output or lock, and no wait has an end.",
    impact: "Nothing gets done, locks and workers are held, and whoever waits for them stands still too.",
    prediction:
      "Where agents report what they wait for, the circle shows within a heartbeat or two. Else it looks like slow runs until their time is over.",
    stop_reasons: ["time_budget", "no_progress", "lease_expired", "cancelled"],
    runbook: {
      first: [
        "Stop one run of the circle, the one that has written least. The others go on, or end by themselves.",
        "Open the alert: the runs it lists wait for each other. What does each wait for, and since when?",
        "Open the effects of every run in the circle: what stands half done?",
      ],
      then: [
        "Give every wait a time-out, and say what follows when it is over.",
        "Take locks in one order everywhere.",
        "Let one agent conduct. Whoever was asked may not hand the task back to the asker.",
      ],
      verify: "With the same agents at work for a day, no run waits longer than its time-out.",
    },
    cannot_tell:
      "Agents whose heartbeats name no waiting_on are not seen waiting. Two quiet runs of one trace are a hint; a person has to look.",
    seeds: [{ seed: "000", says: "Two subagents wait for each other's output, without a time-out." }],
  },
  {
    slug: "concurrency_collision",
    name: "Concurrency collision",
    group: "agents_together",
    regime: "agent",
    severity: "high",
    symptom:
      "Two agents change the same thing at the same time. An update is lost, a compensation is done twice, and the state fits neither.",
    cause: "Shared state without a lock or a version: one reads while the other is half-way through writing.",
    impact: "Conflicting records, work done twice, and logs of it that nobody can trust.",
    prediction: "It grows with the number of agents per record, and comes first as an odd figure downstream.",
    stop_reasons: ["success", "tool_failed", "cancelled"],
    runbook: {
      first: [
        "Pause one of the agents, so that one hand writes.",
        "Open the effects of both runs and put the writes to that record in order of time.",
        "Ask the owner of the record which state is right. Let a person set it.",
      ],
      then: [
        "Take a lock_key named after the record for as long as a run changes it.",
        "Write on condition of the version that was read.",
        "Let one agent own each kind of record; the others ask it.",
      ],
      verify: "Both agents, set on one record on purpose, write one after the other, and the state is right.",
    },
    cannot_tell:
      "Which records two runs share, unless their calls name them in intent.resources. The record's own history shows the rest.",
    seeds: [
      { seed: "001", says: "Races on shared state: compensations applied twice, reads in mid-update, partial work." },
      { seed: "004", says: "Duplicates in spite of keys, since nothing makes two runs of one request the same." },
    ],
  },
  {
    slug: "stale_lock",
    name: "Stale lock",
    group: "agents_together",
    regime: "agent",
    severity: "warning",
    symptom: "A job does not start, time after time, because a run that no longer lives holds its lock.",
    cause: "A run crashed and let nothing go. The lock has no lease and no age at which somebody is told.",
    impact: "Work is skipped in silence: for the schedule, a skipped start is no error.",
    prediction: "At the first start after a crash or a kill. Nobody notices before somebody misses the result.",
    stop_reasons: ["lease_expired", "cancelled"],
    runbook: {
      first: [
        "Open the run that holds the lock: the refusal run_locked names it. When was it last heard?",
        "Open its effects before anything takes over: it may have died in the middle of a write.",
        "Stop it if it still says running. Its lock is free once its lease has ended.",
      ],
      then: [
        "Use lock_key in place of lock files: it goes with the run's lease, 15 seconds after.",
        "Is its run waiting for an approval? It keeps the lock on purpose: answer the case.",
        "Count what was skipped, and decide with its owner what is made up for.",
        "Set a rule on the age of the lock, above the longest good run.",
      ],
      verify: "The next scheduled run starts, finishes and lets go.",
    },
    cannot_tell:
      "Lock files and locks of other systems. A job that they keep from starting shows as silence of its agent.",
    seeds: [{ seed: "002", says: "A lock file that is too old means that its run crashed without cleaning up." }],
  },
  {
    slug: "lossy_handover",
    name: "Lossy hand-over",
    group: "agents_together",
    regime: "agent",
    severity: "warning",
    symptom:
      "A late step works on a summary of summaries. Names, figures and conditions of the task are missing; the work is neat and answers something else.",
    cause: "Steps and agents hand on prose in place of fields. Each summary leaves a little out.",
    impact: "Each step looks right, the whole is wrong, and where it went wrong is hard to find.",
    prediction: "The more hand-overs, the worse. By the eighth step little is left of the first instruction.",
    stop_reasons: ["success", "output_rejected"],
    runbook: {
      first: [
        "Open the timeline and read what each step handed on: at which one does the missing fact go?",
        "Open the effects after that step: those writes rest on the gap.",
        "Pause the task type if the next runs take the same way.",
      ],
      then: [
        "Hand on typed fields, with the ids of their sources, and check them at each hand-over.",
        "Give every step the first instruction as it was written.",
        "Score single steps, so that the one that loses shows.",
      ],
      verify: "A figure planted in the first step arrives unchanged in the last, ten times out of ten.",
    },
    cannot_tell:
      "No rule sees what is not there. A planted fact, or an evaluator that holds the last step against the first instruction, does.",
    seeds: [
      {
        seed: "003",
        says: "Every prose summary between steps loses something; at step 8 the order itself is blurred.",
      },
    ],
  },
];
