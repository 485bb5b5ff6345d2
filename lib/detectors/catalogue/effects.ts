import type { Category } from "../schema";

export const EFFECTS: readonly Category[] = [
  {
    slug: "duplicate_side_effect",
    name: "Duplicate side effect",
    group: "effects",
    regime: "agent",
    severity: "high",
    symptom: "Two tickets, two mails or two charges from one wish, alike to the letter, seconds or minutes apart.",
    cause:
      "A write was tried again without an idempotency key. The first had happened; only its answer was lost or not understood.",
    impact:
      "People clean up and apologise. Known case: 34 tickets in 30 minutes, three engineers for two and a half hours each, and a rate limit that broke another integration.",
    prediction:
      "When the writing tool is slow or answers 502. Every retry of a write whose fate is unknown is a chance of a second one.",
    stop_reasons: ["success", "tool_timeout", "tool_failed", "tool_rate_limit"],
    runbook: {
      first: [
        "Block the writing tool on Controls: retries may still be going on.",
        "Open the effects of the runs that used it: which have the same arguments, which are unknown?",
        "Settle each unknown one by what the other side shows. Send nothing again before that.",
      ],
      then: [
        "Undo the extra ones by their compensation, one person for each, and tell those who got two.",
        "Put the tool into idempotency_required once its adapter hands the key downstream.",
        "Retry only statuses after which nothing can have been written.",
        "Two are meant? Give each call its own dedupe_key.",
      ],
      verify: "Ledger and other side agree one for one since the block was released.",
    },
    cannot_tell:
      "One wish written twice in other words. And twice the same write may be meant: read both before you call it a duplicate.",
    seeds: [
      { seed: "001", says: "Agents racing on shared state show up as side effects done twice." },
      { seed: "004", says: "Retries without keys on a degraded API: 34 tickets for one outage." },
    ],
  },
  {
    slug: "double_run",
    name: "Double run",
    group: "effects",
    regime: "agent",
    severity: "high",
    symptom: "The same job runs twice, at once or shortly after. The daily mail goes out a second time.",
    cause:
      "A schedule starts before the last run has ended, a queue delivers again, a client asks again, a deploy restarts a worker. No key makes the two one run.",
    impact: "Everything the job writes happens twice, even where each run by itself writes carefully.",
    prediction:
      "On the first day that the job takes longer than its interval, or at a deploy. In the known case the second mail came half an hour after the first.",
    stop_reasons: ["success", "cancelled", "lease_expired"],
    runbook: {
      first: [
        "Find both in Runs by agent and task, and stop the younger one.",
        "Open the effects of both: what went out twice?",
        "Pause the task type until you know what starts it twice: schedule, queue or client.",
      ],
      then: [
        "Open runs with a request_id made of the job and its date: a second start is given the first run.",
        "Give the job a lock_key. Who comes second is told run_locked, and by whom.",
        "Tell those who got it twice. Make the interval longer than the slowest good run.",
      ],
      verify: "Started twice on purpose, the job runs once and its effect stands once in the ledger.",
    },
    cannot_tell:
      "The same job under another agent's name or with a differently worded goal. Its effects, held against each other, show it.",
    seeds: [
      { seed: "002", says: "A cron job overlaps with itself and mails everybody twice, 30 minutes apart." },
      {
        seed: "004",
        says: "Clients, queues, deploys and load balancers repeat requests; without a key per run, two runs do the same.",
      },
    ],
  },
  {
    slug: "unvalidated_write",
    name: "Unvalidated write",
    group: "effects",
    regime: "agent",
    severity: "critical",
    symptom:
      "A write or a deletion happens that any check would have held: too large, to an outside address, in the wrong place, or never to be undone.",
    cause: "Between the model's wish and the write stand no validator, no fence and no person.",
    impact:
      "Harm outside, sometimes for good. In one case a production database and its backups were gone in 9 seconds.",
    prediction: "The first time an odd argument meets a tool that writes. It is over before anybody can react.",
    stop_reasons: ["success", "tool_denied", "approval_denied"],
    runbook: {
      first: [
        "Stop the run and block the tool: nothing more may be written.",
        "Open the effects tab: what exactly was written, where, and is there a compensation?",
        "It cannot be undone? Tell the owner of that data now, and secure the backups.",
      ],
      then: [
        "Write the validator or condition that would have held it, and dry-run it on the last 30 days.",
        "Require approval for every irreversible effect; fence what can be prepared and rolled back.",
        "Give the connector the narrowest role that still does the work.",
      ],
      verify: "The same call, asked again under 'Try a call', is denied or waits for a person.",
    },
    cannot_tell:
      "Whether a write within the rules was wise. A validator knows form and limits; a person at the approval knows the purpose.",
    seeds: [
      { seed: "001", says: "External writes want a light validator, a fence or a person in front of them." },
      { seed: "003", says: "Deletions and deployments without a confirmation; production gone in seconds." },
    ],
  },
  {
    slug: "partial_update",
    name: "Partial update",
    group: "effects",
    regime: "agent",
    severity: "high",
    symptom: "Work stands half done: some records are changed, others not, and the next reader takes it for whole.",
    cause:
      "A run ended between two writes that belong together, a source answered in part, or one agent read while another was writing.",
    impact: "Systems disagree, and whatever builds on them carries it further.",
    prediction: "After every stop, crash or time-out in the middle of a row of writes, our own stops included.",
    stop_reasons: ["lease_expired", "kill_switch", "tool_timeout", "time_budget", "internal_error"],
    runbook: {
      first: [
        "Open the effects of the run: which writes are done, which unknown, which never came?",
        "Pause the agents that read these records until they agree again.",
        "Decide with the owner of the records: finish by hand, or undo by the compensations.",
      ],
      then: [
        "Fence writes that belong together: prepare all, then commit all.",
        "Order the rest so that the last write makes the others count.",
        "Let readers check totals; an answer in part has to say that it is one.",
      ],
      verify: "Record by record both sides agree, and nothing of the run is claimed or unknown.",
    },
    cannot_tell:
      "Which writes belong together does not stand in the spans. A person who knows the task, or a reconciliation downstream, can tell.",
    seeds: [
      { seed: "001", says: "Partial data and inconsistent snapshots lead to unsafe acts; races leave work half done." },
      { seed: "004", says: "Of all faults of a dependency, those that succeed in part are the worst." },
    ],
  },
];
