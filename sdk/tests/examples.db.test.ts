import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Json, startApi, until } from "../../lib/http/tests/harness";
import { type Consumer, consumer } from "./consumer";

const api = await startApi();
const examples = path.resolve(import.meta.dirname, "../../examples");
/** What only watches is a test of its own. */
const names = readdirSync(examples).filter(
  (name) => name !== "opentelemetry" && existsSync(path.join(examples, name, "agent.mjs")),
);
const env = { INTERLOCK_URL: api.origin, INTERLOCK_KEY: api.rootKey };
let project: Consumer;
beforeAll(async () => {
  project = await consumer();
  project.bring("examples");
  const applied = await project.node(
    ["node_modules/@interlock/agent/dist/cli/bin.js", "apply", "examples/interlock.yaml"],
    env,
  );
  expect(applied).toMatchObject({ code: 0, err: "" });
}, 60_000);

// On a server as it comes, with the packed package, as a newcomer would.
describe("examples", () => {
  /** One run, ended well, of which every call was asked for and allowed. */
  async function wasGated(agentId: string) {
    const { items } = (await api.get(`/runs?agent_id=${agentId}`)).body as unknown as { items: Json[] };
    expect(items).toMatchObject([{ status: "completed", stop_reason: "success", gate: "enforced" }]);
    const decided = (await api.get(`/decisions?run_id=${items[0]?.run_id}`)).body.items as unknown as Json[];
    expect(decided.map((d) => d.tool)).toEqual(expect.arrayContaining(["kb_search", "ticket_create"]));
    expect(decided.filter((d) => (d.answer as Json).outcome !== "allow")).toEqual([]);
  }

  for (const name of names)
    test(`${name} is gated, and ends well`, async () => {
      const ran = await project.node([`examples/${name}/agent.mjs`], env);
      expect([ran.code, ran.err], ran.out).toEqual([0, ""]);
      expect(ran.out).toMatch(/^done: success/m);
      await wasGated(`example-${name}`);
    }, 90_000);

  test("their types fit those of the packed package", async () => {
    const options =
      "--noEmit --allowJs --checkJs --strict --skipLibCheck --target es2022 --module nodenext --types node".split(" ");
    const files = names.map((name) => `examples/${name}/agent.mjs`);
    const ran = await project.node(["node_modules/typescript/bin/tsc", ...options, ...files], {}, 180_000);
    expect([ran.code, ran.out]).toEqual([0, ""]);
  }, 200_000);

  const has = (command: string) => spawnSync(command, ["--version"]).status === 0;
  test.skipIf(!has("python3"))("python is gated, by one file on the standard library", async () => {
    const ran = await project.run("python3", ["examples/python/agent.py"], env);
    expect([ran.code, ran.err, ran.out]).toEqual([0, "", "done: success T-1\n"]);
    await wasGated("example-python");
  });
  test.skipIf(!has("python3"))("python: a denied tool is not called, and the run ends with why", async () => {
    const script = [
      "import sys; sys.path.insert(0, 'examples/python')",
      "from interlock import Interlock",
      "with Interlock('example-python-denied').run() as run:",
      "    run.tool('admin_delete', {}, lambda args: print('CALLED'))",
    ].join("\n");
    const ran = await project.run("python3", ["-c", script], env);
    expect(ran).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Refused") });
    const { items } = (await api.get("/runs?agent_id=example-python-denied")).body as unknown as { items: Json[] };
    expect(items).toMatchObject([{ stop_reason: "tool_denied" }]);
  });
  test.skipIf(!has("curl"))("curl is gated, by hand", async () => {
    const ran = await project.run("sh", ["examples/curl/agent.sh"], env);
    expect([ran.code, ran.err, ran.out]).toEqual([0, "", "done: success\n"]);
    await wasGated("example-curl");
  });
  test("the variables of OpenTelemetry are enough to be watched", async () => {
    const ran = await project.node(["examples/opentelemetry/agent.mjs"], {
      OTEL_SERVICE_NAME: "example-opentelemetry",
      OTEL_EXPORTER_OTLP_ENDPOINT: `${api.origin}/api/otel`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${api.rootKey}`,
    });
    expect([ran.code, ran.out]).toEqual([0, "done: traces are sent\n"]);
    const runs = await until(async () => {
      const { items } = (await api.get("/runs?agent_id=example-opentelemetry")).body as unknown as { items: Json[] };
      return items.length > 0 && items;
    });
    expect(runs).toMatchObject([{ source: "otlp", model_calls: 1, tool_calls: 1, tokens: { input: 40, output: 12 } }]);
  });
});
