import { systemCtx } from "../platform/ctx";
import { read, reader } from "../platform/verb";
import { putPolicy } from "./put";
import { nothing } from "./schema";
import * as store from "./store";

export type Starter = { id: string; name: string; description: string; source: string };

const READS = `    - "*.read"
    - "*.get"
    - "*.list"
    - "*.search"
    - "read_*"
    - "get_*"
    - "list_*"
    - "search_*"`;

/** What a new environment begins with, and what a new policy may begin with: read first, ask before what cannot be undone. */
export const STARTERS: readonly Starter[] = [
  {
    id: "default",
    name: "Read only",
    description: "Whatever reads by its name is allowed, everything else is denied and says what it lacks.",
    source: `policy_id: default
description: Every agent that no other document binds. It may read; each refusal names what it lacks.
bindings:
  - environment: true
tools:
  allow:
${READS}
budgets:
  max_steps: 25
  max_seconds: 600
  max_tool_calls: 40
  max_usd: 1.0
  soft:
    at: 0.8
    then: alert
loop_detection:
  repeated_calls_threshold: 3
  no_progress_threshold: 6
`,
  },
  {
    id: "support",
    name: "Support agent",
    description: "Reads, and opens tickets under an idempotency key; mail and money ask a person.",
    source: `policy_id: support
description: Reads and opens tickets. What leaves the house or moves money asks a person.
state: draft
bindings:
  - agent_id: support-agent
tools:
  allow:
${READS}
    - ticket.create
    - ticket.comment
    - email.send
    - refund.create
  idempotency_required:
    - ticket.create
  catalog:
    ticket.create:
      effect: write
      compensation: ticket.close
    email.send:
      effect: irreversible
    refund.create:
      effect: irreversible
  budgets:
    ticket.create:
      max_calls: 5
      max_retries: 2
approval_thresholds:
  write:external_domain:
    - requires_approval
goal:
  require_intent: true
safe_mode:
  allowed_tools:
${READS}
`,
  },
  {
    id: "research",
    name: "Research agent",
    description: "Reads the web and documents, with caps on tokens, dollars and different calls.",
    source: `policy_id: research
description: Reads and summarises. Nothing it does changes anything outside.
state: draft
bindings:
  - agent_id: research-agent
tools:
  allow:
${READS}
    - web.fetch
connectors:
  web:
    role: read-only
    rate_limit_per_min: 60
budgets:
  max_steps: 25
  max_seconds: 900
  max_tool_calls: 40
  max_usd: 2.0
  max_tokens: 400000
  soft:
    at: 0.8
    then: downgrade
models:
  downgrade:
    gpt-4o: gpt-4o-mini
context:
  max_input_tokens: 100000
  summarize_above: 60000
`,
  },
  {
    id: "coding",
    name: "Coding agent",
    description: "Reads and edits files, runs tests; pushing and deploying ask a person.",
    source: `policy_id: coding
description: Works inside its checkout. Whatever leaves it asks a person.
state: draft
bindings:
  - agent_id: coding-agent
tools:
  allow:
${READS}
    - file.write
    - shell.run
    - git.push
    - deploy.*
  deny:
    - db.*
    - secrets.*
  catalog:
    git.push:
      effect: irreversible
conditions:
  - tool: deploy.*
    when: "true"
    then: require_approval
    message: Deployments ask a person.
budgets:
  max_steps: 200
  max_seconds: 3600
  max_tool_calls: 400
  max_usd: 5.0
loop_detection:
  repeated_calls_threshold: 5
  no_progress_threshold: 12
`,
  },
  {
    id: "mcp-session",
    name: "MCP session",
    description: "A working day behind the MCP gate: what says of itself that it destroys asks a person.",
    source: `policy_id: mcp-session
description: One session of a desk assistant behind the MCP gate, a working day long. What cannot be undone asks a person.
state: draft
bindings:
  - task_type: mcp
tools:
  allow:
    - "*"
approvals:
  irreversible: true
budgets:
  max_seconds: 43200
  max_tool_calls: 1000
loop_detection:
  repeated_calls_threshold: 5
safe_mode:
  allowed_tools:
${READS}
`,
  },
];

export const listStarters = read("policy.starters", {
  needs: "policies.read",
  input: nothing,
  run: async () => ({ items: [...STARTERS], next_cursor: null }),
});

/** Gives an environment that has no policy yet its first one. Several processes may try at once: one succeeds. */
export async function plantStarters(): Promise<void> {
  const [starter] = STARTERS;
  if (!starter) return;
  for (const environmentId of await store.withoutPolicies(reader().sql))
    await putPolicy(systemCtx(environmentId, "starter"), {
      policy_id: starter.id,
      text: starter.source,
      format: "yaml",
      note: "The first policy of a new environment",
      if_match: 0,
    }).catch((err: { code?: string }) => {
      if (err.code !== "precondition_failed" && err.code !== "23505") throw err;
    });
}
