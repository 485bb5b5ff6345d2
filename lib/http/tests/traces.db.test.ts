import { createReadStream, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createGunzip } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { replay } from "../../detectors/replay";
import { type Api, type Json, startApi } from "./harness";

// Real runs through the real door. They stay beside the checkout: without them these tests are skipped.
const DATA = path.resolve("../shared/data");
const there = existsSync(path.join(DATA, "dev"));

type Line = {
  source: string;
  run_id: string;
  started_at?: string;
  labels: string[];
  agent: string;
  model: string;
  events: { ts?: string }[];
};
type Sent = {
  run: { run_id: string; agent_id: string; task_type: string };
  spans: Json[];
  stop_reason: "success" | "internal_error";
};

async function* lines(file: string): AsyncGenerator<Line> {
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) }))
    if (line !== "") yield JSON.parse(line) as Line;
}

describe.skipIf(!there)("labelled runs", () => {
  let api: Api;
  let toApi: (line: Line) => Sent;
  beforeAll(async () => {
    api = await startApi();
    ({ toApi } = (await import(pathToFileURL(path.join(DATA, "to-spans.mjs")).href)) as { toApi: typeof toApi });
  });
  const send = async ({ run, spans, stop_reason }: Sent) => {
    await api.post("/runs", run);
    await api.post("/spans", { run_id: run.run_id, spans });
    await api.post(`/runs/${encodeURIComponent(run.run_id)}/finish`, { stop_reason });
  };
  const alertsOf = async (run_id: string) =>
    ((await api.get(`/alerts?limit=500&run_id=${encodeURIComponent(run_id)}`)).body as unknown as { items: Json[] })
      .items;

  test("what the score says of a run is what the product alerts on, for every source", async () => {
    for (const file of readdirSync(path.join(DATA, "dev")).filter((f) => f.endsWith(".gz"))) {
      const sent: Sent[] = [];
      let n = 0;
      for await (const line of lines(path.join(DATA, "dev", file))) {
        // One in a few hundred of the large sources, every one in ten of the small.
        if (n++ % (file.startsWith("agentdojo") ? 300 : 12) !== 0) continue;
        sent.push(toApi(line));
        if (sent.length >= 12) break;
      }
      for (const one of sent) await send(one);
      await api.detect();
      for (const one of sent) {
        const expected = replay(one as never).map(({ rule, hit }) => `${rule.slug} ${hit.severity} ${hit.value}`);
        const found = (await alertsOf(one.run.run_id)).filter(
          (a) => a.mode && expected.some((e) => e.startsWith(`${a.rule} `)),
        );
        expect(found.map((a) => `${a.rule} ${a.severity} ${a.value}`).sort(), one.run.run_id).toEqual(expected.sort());
      }
    }
  });

  test("of a series of runs that die of one expired credential, the alert is there before the sixth", async () => {
    const dead: Line[] = [];
    for await (const line of lines(path.join(DATA, "dev", "isobench_trae.jsonl.gz")))
      if (
        line.labels.includes("terminal_error:auth_expired") &&
        line.agent === "trae-vllm" &&
        (line.started_at ?? "") > "2025-11-27"
      )
        dead.push(line);
    dead.sort((a, b) => ((a.started_at ?? "") < (b.started_at ?? "") ? -1 : 1));
    const first = dead.slice(0, 5).map((line) => ({ ...toApi(line), agent: "series" }));
    for (const one of first)
      await send({
        ...one,
        run: {
          ...one.run,
          agent_id: "series",
          run_id: `series/${one.run.run_id}`,
          request_id: `series/${one.run.run_id}`,
        } as never,
      });
    await api.detect();
    const found = (await Promise.all(first.map((one) => alertsOf(`series/${one.run.run_id}`)))).flat();
    expect(
      found.filter((a) => a.rule === "fleet-auth" && a.severity === "critical" && a.historic === true).length,
    ).toBeGreaterThanOrEqual(3);
  });
});
