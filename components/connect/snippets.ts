import type { Language } from "../kit/highlight";

export type Snippet = { id: string; label: string; language: Language; note: string; code: string };
type Made = { origin: string; key: string; agent?: string };

/** Variables of any OpenTelemetry exporter. */
export const otelVariables = ({ origin, key }: Made): string =>
  `OTEL_EXPORTER_OTLP_ENDPOINT=${origin}/api/otel
OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20${key}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;

export const curlRun = ({ origin, key, agent = "my-agent" }: Made): string =>
  `export INTERLOCK=${origin}
export INTERLOCK_KEY=${key}

# may it run? the answer holds run_id and control.mode
curl -sS "$INTERLOCK/api/v1/runs" \\
  -H "Authorization: Bearer $INTERLOCK_KEY" -H "Content-Type: application/json" \\
  -d '{"request_id":"'$(date +%s)'","agent_id":"${agent}","task_type":"try-it","instance_id":"${agent}-1"}'

# what holds for it now; ask again every few seconds
curl -sS "$INTERLOCK/api/v1/control?agent_id=${agent}&instance_id=${agent}-1" \\
  -H "Authorization: Bearer $INTERLOCK_KEY"

# when it is done: put the run_id of the first answer in place of RUN
curl -sS "$INTERLOCK/api/v1/runs/RUN/finish" \\
  -H "Authorization: Bearer $INTERLOCK_KEY" -H "Content-Type: application/json" \\
  -d '{"stop_reason":"success"}'`;

const typescript = ({ origin, key, agent = "my-agent" }: Made): string =>
  `// Node.js 20 or later, Deno, Bun, a browser worker: fetch is all it needs
const url = "${origin}/api/v1";
const key = "${key}";
const headers = { authorization: "Bearer " + key, "content-type": "application/json" };
const call = (path: string, body: unknown) =>
  fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) }).then((r) => r.json());

const agent = { agent_id: "${agent}", instance_id: "${agent}-1" };
const request_id = crypto.randomUUID();
const run = await call("/runs", { ...agent, request_id, task_type: "try-it" });
if (run.status !== "running") throw new Error(run.detail ?? "not started");

// before each step: what holds now?
const asked = await fetch(url + "/control?" + new URLSearchParams(agent), { headers });
const control = await asked.json();
if (control.mode === "run") {
  // … your agent works here …
}
await call("/runs/" + run.run_id + "/finish", {
  stop_reason: control.mode === "stop" ? "kill_switch" : "success",
});`;

const python = ({ origin, key, agent = "my-agent" }: Made): string =>
  `# Python 3.8 or later, nothing to install
import json, urllib.request, uuid

URL, KEY = "${origin}/api/v1", "${key}"

def call(path, body=None):
    request = urllib.request.Request(URL + path, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Bearer " + KEY)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)

run = call("/runs", {"request_id": str(uuid.uuid4()), "agent_id": "${agent}",
                     "instance_id": "${agent}-1", "task_type": "try-it"})

# before each step: what holds now?
control = call("/control?agent_id=${agent}&instance_id=${agent}-1")
if control["mode"] == "run":
    pass  # your agent works here

call("/runs/" + run["run_id"] + "/finish",
     {"stop_reason": "kill_switch" if control["mode"] == "stop" else "success"})`;

const aiSdk = ({ origin, key, agent = "my-agent" }: Made): string =>
  `// npm i ai @opentelemetry/sdk-node @opentelemetry/exporter-trace-otlp-proto
import { NodeSDK } from "@opentelemetry/sdk-node";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";

const sdk = new NodeSDK({
  serviceName: "${agent}",
  traceExporter: new OTLPTraceExporter({
    url: "${origin}/api/otel/v1/traces",
    headers: { Authorization: "Bearer ${key}" },
  }),
});
sdk.start();

// then, in each call of generateText, streamText and the rest:
// experimental_telemetry: { isEnabled: true, functionId: "${agent}" }`;

/** Every way in that exists today; each works as it stands once it is pasted. */
export const snippets = (made: Made): Snippet[] => [
  {
    id: "typescript",
    label: "TypeScript",
    language: "ts",
    note: "Opens a run, asks what holds, ends the run: it is enforced, a stop refuses its next run.",
    code: typescript(made),
  },
  {
    id: "python",
    label: "Python",
    language: "python",
    note: "The same with the standard library.",
    code: python(made),
  },
  { id: "curl", label: "curl", language: "bash", note: "The same three calls, by hand.", code: curlRun(made) },
  {
    id: "otel",
    label: "OpenTelemetry",
    language: "env",
    note: "Traces only: nothing in your code changes, but the agent is cooperative, and nothing of it can be refused.",
    code: `# any OpenTelemetry exporter, in any language\n${otelVariables(made)}`,
  },
  {
    id: "ai-sdk",
    label: "Vercel AI SDK",
    language: "ts",
    note: "Traces only: each call with telemetry switched on arrives as a run. The agent is cooperative.",
    code: aiSdk(made),
  },
];
