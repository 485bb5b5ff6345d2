import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/build.mjs";
import { buildSdk } from "../scripts/sdk.mjs";
import { AUTH, KEY, keep, median, percentile, round, startInterlock } from "./lib.mjs";

// What a gated call of a tool costs its caller, one after the other, on a warm connection: beside the same call ungated, and
// beside the two requests that it cannot do without (the question and the result) by plain fetch, so that the SDK's own share shows.
// And a call of a published MCP server over stdio, with and without the gate in between.
const CALLS = Number(process.env.CALLS ?? 200);
const COUNT = Number(process.env.ROUNDS ?? 5);

await buildSdk();
const { connect, must, tool } = await import(pathToFileURL(path.join(root, "sdk/dist/index.js")).href);
const server = await startInterlock();
const post = async (at, body, method = "POST") => {
  const answer = await fetch(`${server.origin}/api/v1${at}`, {
    method,
    headers: { ...AUTH, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (answer.status >= 300) throw new Error(`${at}: ${JSON.stringify(said)}`);
  return said;
};
await post(
  "/policies/bench",
  {
    bindings: [{ agent_id: "bench-sdk" }],
    tools: { allow: ["*"], catalog: { "kb.read": { effect: "read" } } },
    budgets: { max_seconds: 3_600, max_tool_calls: 1_000_000, max_usd: 1_000_000 },
    loop_detection: { repeated_calls_threshold: 100_000, no_progress_threshold: 100_000 },
  },
  "PUT",
);
const interlock = connect({ url: server.origin, key: KEY, agentId: "bench-sdk", spoolDir: null });
const read = tool({ name: "kb.read", effect: "read", execute: ({ n }) => n });
const write = tool({ name: "ticket.create", effect: "write", execute: ({ n }) => n });

async function timed(call) {
  const took = [];
  for (let n = 0; n < CALLS; n++) {
    const began = performance.now();
    await call(n);
    took.push(performance.now() - began);
  }
  return { p50: percentile(took, 50), p99: percentile(took, 99) };
}
const modules = path.join(root, "sdk/node_modules/@modelcontextprotocol");
const load = (at) => import(pathToFileURL(path.join(modules, "sdk/dist/esm/client", at)).href);
const [{ Client }, { StdioClientTransport }] = await Promise.all([load("index.js"), load("stdio.js")]);
async function mcp(args) {
  const client = new Client({ name: "bench", version: "1" });
  const env = {
    PATH: process.env.PATH,
    INTERLOCK_URL: server.origin,
    INTERLOCK_KEY: KEY,
    INTERLOCK_AGENT_ID: "bench-sdk",
  };
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }));
  return client;
}
const everything = path.join(modules, "server-everything/dist/index.js");
const bare = await mcp([everything]);
const held = await mcp([
  path.join(root, "sdk/dist/cli/bin.js"),
  "mcp",
  "--effect",
  "echo=read",
  "--",
  process.execPath,
  everything,
]);
const echo = (client) => timed((n) => client.callTool({ name: "echo", arguments: { message: `${n}` } }));
const seen = {};
for (let turn = 0; turn < COUNT; turn++) {
  const run = await interlock.open();
  for (let n = 0; n < 20; n++) must(await run.tool(read, { warm: n }));
  const measures = {
    ungated: () => timed((n) => read.execute({ n })),
    "gated read": () => timed((n) => run.tool(read, { n }).then(must)),
    "gated write": () => timed((n) => run.tool(write, { n }).then(must)),
    "MCP call": () => echo(bare),
    "gated MCP call": () => echo(held),
    "question and result by fetch": () =>
      timed(async (n) => {
        const { decision_id } = await post("/decisions", {
          run_id: run.id,
          kind: "tool",
          tool: "kb.read",
          args: { plain: n },
        });
        await post(`/decisions/${decision_id}/result`, { status: "ok", latency_ms: 0, result: n });
      }),
  };
  for (const [name, measure] of Object.entries(measures)) {
    seen[name] ??= [];
    seen[name].push(await measure());
  }
  await run.finish("success");
}
await Promise.all([bare.close(), held.close()]);
await interlock.close();
await server.stop();
const rows = Object.entries(seen).map(([name, all]) => ({
  name,
  p50_ms: round(median(all.map((r) => r.p50)), 3),
  p99_ms: round(median(all.map((r) => r.p99)), 3),
}));
console.table(rows);
keep("sdk", { calls: CALLS, rounds: COUNT, rows });
