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
  `// npm install ${origin}/api/agent.tgz      Node.js 20 or later
import { connect, must, tool } from "@interlock/agent";

const interlock = connect({ url: "${origin}", key: "${key}", agentId: "${agent}" });
const search = tool({
  name: "kb.search",
  effect: "read",
  execute: async ({ query }: { query: string }) => ({ title: "About " + query }),
});

// asked for before it happens, told afterwards; a stop, a budget or a no ends it here
const done = await interlock.run({ taskType: "try-it" }, async (run) => {
  const found = must(await run.tool(search, { query: "vpn" }));
  return found.title;
});
console.log(done.stopReason, done.ok ? done.value : done.error);
await interlock.close();`;

const python = ({ origin, key, agent = "my-agent" }: Made): string =>
  `# curl -O ${origin}/api/interlock.py      Python 3.9 or later, one file, nothing to install
from interlock import Interlock

def kb_search(args):
    return {"title": "About " + args["query"]}

# asked for before it happens, told afterwards; a stop, a budget or a no ends it here
with Interlock("${agent}", "${origin}", "${key}").run(task_type="try-it") as run:
    found = run.tool("kb.search", {"query": "vpn"}, kb_search, effect="read")

print(found["title"])`;

const aiSdk = ({ origin, key, agent = "my-agent" }: Made): string =>
  `// npm install ${origin}/api/agent.tgz ai
import { connect } from "@interlock/agent";
import { gate } from "@interlock/agent/ai-sdk";
import { generateText } from "ai";

const interlock = connect({ url: "${origin}", key: "${key}", agentId: "${agent}" });

// model and tools are the ones you have; each turn and each call is asked for
const done = await interlock.run({ goal: "Answer the customer" }, async () => {
  const { text } = await generateText(gate({ model, tools, prompt: "I cannot log in." }));
  return text;
});
// the same for OpenAI Agents, LangChain, Mastra, Claude: @interlock/agent/openai-agents, /langchain, /mastra, /claude`;

const mcp = ({ origin, key, agent = "my-agent" }: Made): string =>
  `{
  "mcpServers": {
    "files": {
      "command": "npx",
      "args": [
        "-y", "--package", "${origin}/api/agent.tgz",
        "interlock", "mcp", "--",
        "npx", "-y", "@modelcontextprotocol/server-filesystem", "/srv/docs"
      ],
      "env": {
        "INTERLOCK_URL": "${origin}",
        "INTERLOCK_KEY": "${key}",
        "INTERLOCK_AGENT_ID": "${agent}"
      }
    }
  }
}`;

/** Every way in that exists today; each works as it stands once it is pasted. */
export const snippets = (made: Made): Snippet[] => [
  {
    id: "typescript",
    label: "TypeScript",
    language: "ts",
    note: "The SDK, from this server: each call is asked for before it happens, and a stop ends the run. The first policy allows what reads by its name; the rest is denied until one says otherwise.",
    code: typescript(made),
  },
  {
    id: "python",
    label: "Python",
    language: "python",
    note: "The same with one file on the standard library.",
    code: python(made),
  },
  {
    id: "curl",
    label: "curl",
    language: "bash",
    note: "By hand: a run, what holds for it, its end.",
    code: curlRun(made),
  },
  {
    id: "otel",
    label: "OpenTelemetry",
    language: "env",
    note: "Traces only: nothing in your code changes, but the agent is cooperative, and nothing of it can be refused.",
    code: `# any OpenTelemetry exporter, in any language\n${otelVariables(made)}`,
  },
  {
    id: "ai-sdk",
    label: "Frameworks",
    language: "ts",
    note: "One word around what you have: the model is asked for before each turn, every tool at its own boundary.",
    code: aiSdk(made),
  },
  {
    id: "mcp",
    label: "MCP",
    language: "json",
    note: "In front of any MCP server, without code: policy, approvals, budgets and the switch. This is the client's own configuration.",
    code: mcp(made),
  },
];
