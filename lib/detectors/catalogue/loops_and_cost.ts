import type { Category } from "../schema";

export const LOOPS_AND_COST: readonly Category[] = [
  {
    slug: "runaway_loop",
    name: "Runaway loop",
    group: "loops_and_cost",
    regime: "agent",
    severity: "critical",
    symptom:
      "The run is minutes or hours past its usual length and still calls. The same calls come back with the same answers. Or two agents ask each other the same question, turn after turn.",
    cause:
      "What would end the run never comes true, and no cap on steps, calls, time or money ends it instead. Where agents talk to each other, nobody decides when the talk is over.",
    impact:
      "Money and quota, faster with every turn, because each turn sends the whole history again. Known cases: 620 calls and $247 for a task of 90 seconds; 11 days and $47,000 between four agents. The answer is no better than at the first repeat.",
    prediction:
      "The first repeat shows within minutes. Left alone, the run goes on until a caller gives up or the invoice comes. Most of what it costs is spent after the first repeat.",
    stop_reasons: [
      "loop_detected",
      "step_budget",
      "tool_budget",
      "time_budget",
      "cost_budget",
      "token_budget",
      "cancelled",
      "kill_switch",
    ],
    runbook: {
      first: [
        "Stop the run and watch on Controls that it obeys. It spends while you read.",
        "Open its timeline at the first repeat: what did that call answer, and what did the agent hope for?",
        "Filter Runs by this agent. Do others repeat the same call? Then set safe mode for the agent.",
      ],
      then: [
        "Open the effects tab: was anything written during the loop, and more than once?",
        "Set max_steps, max_tool_calls, max_seconds and max_usd in its policy, close to what a good run needs.",
        "Is the repetition its work, such as polling? Exempt that tool; do not raise the threshold for all.",
        "Where agents talk to each other, name the one that ends the talk, and cap its turns.",
      ],
      verify: "For a day the task's runs end by themselves, at their usual number of calls, without a new alert.",
    },
    cannot_tell:
      "Repeats in other words, or with an answer that differs each time, look like work: of the loops that people marked in real traces, more than half had no row of identical calls. A budget ends those; a person or an evaluator names them.",
    seeds: [
      {
        seed: "000",
        says: "Plans and acts again without end; twelve turns of it look like nothing a team has seen before.",
      },
      { seed: "003", says: "Four agents kept clarifying for 11 days; another listed files 14,000 times in one night." },
      { seed: "004", says: "Without hard caps a run does not end: 620 calls in 37 minutes, mostly duplicates." },
    ],
  },
  {
    slug: "no_progress",
    name: "No progress",
    group: "loops_and_cost",
    regime: "agent",
    severity: "warning",
    symptom:
      "Step follows step and nothing new is learnt. Calls bring errors, empty lists or what is known already. Or the model thinks for turns and calls nothing.",
    cause:
      "The goal cannot be reached with the tools at hand, or a tool keeps answering with a part. Nothing tells the agent that giving up is a good answer.",
    impact: "Minutes and money for an answer such as 'nothing found'. Whoever waits is told late.",
    prediction:
      "After about six calls without anything new, the rest of the run is lost. It ends at a budget, or in an answer that says nothing.",
    stop_reasons: ["no_progress", "step_budget", "tool_budget", "time_budget", "cost_budget"],
    runbook: {
      first: [
        "Stop the run if it is still open: it does not recover by itself.",
        "Find the last call in the timeline that brought something new. All after it was for nothing.",
        "Look at other runs of this task. Do they stall at the same place? Pause the task type.",
      ],
      then: [
        "Open the decisions tab, Not allowed: did it try to reach something it was refused?",
        "Check that the goal can be reached with the tools its effective policy allows.",
        "Tell the agent to stop and say what is missing, and count that as a good end.",
        "Where waiting is the work, exempt the polling tool under loop_detection.exempt_tools.",
      ],
      verify: "Runs of this task end with an answer or a plain 'cannot', within their usual number of steps.",
    },
    cannot_tell:
      "Whether something new is also useful. Web pages and screenshots differ every time and pass for progress; an evaluator or the agent's own progress note can tell.",
    seeds: [
      {
        seed: "004",
        says: "A stop reason of its own, met after six steps without news; partial results for ever tempt into it.",
      },
    ],
  },
  {
    slug: "tool_flapping",
    name: "Tool flapping",
    group: "loops_and_cost",
    regime: "agent",
    severity: "warning",
    symptom: "The run goes back and forth between two calls, with the same arguments each time. Neither wins.",
    cause:
      "Each call undoes or doubts what the other found, and nothing says which one decides. Or a guardrail hides an answer, so that the agent asks for it again and again.",
    impact: "Tokens on each cycle. If one of the two writes, others see the state flip.",
    prediction:
      "Taking turns between viewing and editing is normal and must not count. With the arguments included it is rare, so three full cycles mean something.",
    stop_reasons: ["loop_detected", "no_progress", "tool_budget", "step_budget"],
    runbook: {
      first: [
        "Does one of the two calls write? Stop the run now: each cycle changes something.",
        "Open the timeline at the first cycle and hold the two answers against each other.",
        "Open the effects tab: in which of the two states was it left? Set the right one by hand.",
      ],
      then: [
        "Open the decisions tab: was one of the calls refused? Mend the rule, or say in its message what to do instead.",
        "Name one source that decides, in the agent's instructions.",
        "Exempt a pair that rightly takes turns, such as ask and wait.",
      ],
      verify: "Runs of this task settle after one or two tries, and what they set stays as it is.",
    },
    cannot_tell:
      "Going back and forth with other arguments each time looks like editing. A person who reads the timeline sees it.",
    seeds: [{ seed: "000", says: "Two tool calls take turns, nothing settles, each turn costs tokens." }],
  },
  {
    slug: "retry_storm",
    name: "Retry storm",
    group: "loops_and_cost",
    regime: "agent",
    severity: "high",
    symptom:
      "The same failing call is made again and again at full speed. Errors of one tool rise in many runs at once; soon its rate limit answers as well.",
    cause:
      "Retries without a pause, without an end, and after errors that do not pass. No breaker says no for everybody.",
    impact:
      "A thousand attempts at an API that was down cost $40 in one case. The tool gets no rest to recover, its other users are hit, and retried writes may have happened twice.",
    prediction:
      "It begins within a minute of a dependency going down and grows with the number of open runs. Without a breaker it lasts as long as the outage.",
    stop_reasons: ["circuit_open", "tool_failed", "tool_rate_limit", "tool_timeout", "tool_budget", "loop_detected"],
    runbook: {
      first: [
        "Block the tool on Controls: one switch ends the attempts of every agent.",
        "Read the error in the timeline: will it pass (429, 503), or not (401, a spent quota, a bad argument)?",
        "Was it a write? Open the effects tab and settle what is unknown before anything is sent again.",
      ],
      then: [
        "Set retries in the policy: few attempts, growing pauses, only statuses that pass.",
        "Turn on the circuit breaker for this tool; its probe finds out when the tool is back.",
        "Release the block for a few runs first, then for all.",
      ],
      verify: "Attempts per call are back at about one for an hour, and no write of that time is unknown.",
    },
    cannot_tell:
      "Retries inside a tool or a client library are not reported as calls. The provider's own numbers show them.",
    seeds: [
      {
        seed: "001",
        says: "A credential, limit or shape that changes sets off a row of retries; unbounded ones multiply cost.",
      },
      { seed: "002", says: "A thousand tries at full speed, $40 gone, on a request that could not succeed." },
      { seed: "003", says: "Retry logic without a breaker, and more context on every try." },
      { seed: "004", says: "Every error was retried, without a cap per tool, against an API already broken." },
    ],
  },
  {
    slug: "cost_spike",
    name: "Cost spike",
    group: "loops_and_cost",
    regime: "agent",
    severity: "high",
    symptom:
      "Spend of an agent, task or tenant is well above the same hours of the weeks before. Often a few runs carry most of it.",
    cause:
      "A tool answers with far more than expected, retries or sub-agents multiply, contexts are long, or a large model does small work. No cap per run ends it.",
    impact:
      "The invoice: single weekends have cost thousands. Each call costs cents, so the alert of an account comes too late.",
    prediction:
      "Within one window a few runs cost many times the median. In each, one turn shows why: a large result, or a row of retries.",
    stop_reasons: ["cost_budget", "token_budget", "tool_budget"],
    runbook: {
      first: [
        "Sort Runs by cost and stop those that are still spending.",
        "Open the dearest one: in which turn does the cost jump, and what came back just before it?",
        "Open Budgets: what is left, and when is it gone by the forecast? Safe mode for the agent if it is soon.",
      ],
      then: [
        "Cap dollars per run and per tenant, with a soft limit well below the hard one.",
        "Route classification and retrieval to a small model.",
        "Cut large results where they come in. Is it retries or sub-agents? Go on with their runbook.",
      ],
      verify: "Spend per hour is back at its usual level for a day, and the forecast stays within the budget.",
    },
    cannot_tell:
      "Calls without a known price are not in the sum. And whether the work was worth its price, only a person can say.",
    seeds: [
      { seed: "000", says: "An ordinary session grows many times dearer because one tool call brings back too much." },
      { seed: "001", says: "Repeated tries, recursion, long contexts and slow models add up to a jump in spend." },
      {
        seed: "003",
        says: "Cents per step, hundreds of steps, a growing context; weekend runs of several thousand dollars.",
      },
      { seed: "004", says: "A huge bill is how loops and bloated memory are noticed." },
    ],
  },
  {
    slug: "runaway_fanout",
    name: "Runaway fan-out",
    group: "loops_and_cost",
    regime: "agent",
    severity: "critical",
    symptom:
      "A run starts runs, which start runs. Within a minute there are dozens, each with its own context and its own bill.",
    cause:
      "The work is split again and again without a cap on depth, children or concurrent runs. The parent may be gone while they go on.",
    impact:
      "The quota of the whole account, and a queue for everybody else. Most of what the children find is never read.",
    prediction: "The number of open runs doubles within a minute. Cost follows some minutes later.",
    stop_reasons: ["cost_budget", "token_budget", "tool_budget", "kill_switch"],
    runbook: {
      first: [
        "Stop the topmost run: its children stop with it.",
        "Watch on Controls which runs have not confirmed. Set a stop on their agent if any goes on.",
        "Open Budgets: what do the holds of this family still bind? Spending settles late.",
      ],
      then: [
        "Set max_depth, max_children and max_concurrent_runs in the policy.",
        "Check the effective policy of the children: they must not be allowed more than their parent.",
        "See which results the parent used, and plan for that many children.",
      ],
      verify: "No run of the family is open, and new runs of the agent stay within the planned number of children.",
    },
    cannot_tell:
      "Sub-agents that name no parent run look like unrelated work; those that open no run at all are not seen. The number of concurrent runs of the agent is the next best sign.",
    seeds: [
      { seed: "001", says: "Work that splits itself recursively multiplies cost beyond any plan." },
      { seed: "003", says: "What one late loop costs is small; a hundred agents at once are not." },
    ],
  },
];
