const head = (origin: string) => `export INTERLOCK=${origin || "https://interlock.example.com"}
export INTERLOCK_KEY=ilk_…   # a key of scope agent
`;
const post = (path: string, body: string) => `curl -sS "$INTERLOCK/api/v1/${path}" \\
  -H "Authorization: Bearer $INTERLOCK_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`;

export const scoreCall = (origin: string, runId = "run_…"): string => `${head(origin)}
# after a run, from any evaluator
${post(
  "evaluations",
  `{"run_id":"${runId}","name":"grounding",
       "score":0.62,"passed":false,"evaluator":"judge-2"}`,
)}`;

export const goldenCall = (origin: string, agent: string): string => `${head(origin)}
# from whatever ran the tasks that are broken on purpose
${post(
  "chaos-results",
  `{"agent_id":"${agent}","version":"1.0.0","results":[
       {"task":"tool_timeout",
        "broken":"search.read never answers",
        "expected_stop_reason":"tool_timeout",
        "actual_stop_reason":"tool_timeout","passed":true}]}`,
)}`;

/** As YAML, the way a canary stands in a repository. */
export const canaryCall = (origin: string, agent: string): string => `${head(origin).replace("agent", "configure")}
curl -sS -X PUT "$INTERLOCK/api/v1/canaries/next" \\
  -H "Authorization: Bearer $INTERLOCK_KEY" \\
  -H "Content-Type: application/yaml" --data-binary @- <<'YAML'
agent_id: ${agent}
baseline_version: 1.0.0
canary_version: 1.1.0
canary:
  percent_traffic: 1
  probes:
    - name: sanity-check
      type: end-to-end
      max_latency_ms: 2000
YAML`;

export const probeCall = (origin: string, agent: string, version: string, name: string): string => `${head(origin)}
# from whoever runs the probe
${post(
  "probes",
  `{"agent_id":"${agent}","version":"${version}",
       "name":"${name}","status":"ok","latency_ms":840}`,
)}`;

export const checkpointCall = (origin: string, runId: string): string => `${head(origin)}
# when the agent saves its state; it keeps the state, Interlock the hash
${post("checkpoints", `{"run_id":"${runId}","step":3,"state_hash":"sha256:…","bytes":5120}`)}`;

/** What an evaluator is sent, key by key, and what it answers. */
export const evaluatorExchange = `POST <your address>

{
  "evaluator": "judge",
  "run": {
    "run_id": "run_…", "agent_id": "triage-bot", "agent_version": "3.4.1",
    "task_type": "ticket-triage", "tenant_id": "acme_corp",
    "goal": "File one ticket for the login outage",
    "status": "completed", "stop_reason": "success",
    "started_at": "2026-11-20T09:14:02.118Z",
    "ended_at": "2026-11-20T09:14:24.402Z",
    "steps": [
      {
        "span_id": "…", "kind": "tool", "name": "search.read",
        "agent_id": "triage-bot", "tool": "search.read",
        "status": "ok", "error": null,
        "args_preview": "{\\"q\\":\\"login\\"}", "result_preview": "[]",
        "started_at": "2026-11-20T09:14:03.520Z"
      }
    ]
  }
}

200, within the time it is given

{
  "scores": [
    { "name": "grounding", "score": 0.2, "passed": false,
      "notes": "It names a ticket that no search found." }
  ]
}`;
