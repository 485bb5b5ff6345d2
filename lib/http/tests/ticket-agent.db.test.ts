import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { type Person, person } from "./people";

// The ticket triage catastrophe: a ticketing service that degrades, an agent that retries, and who is left to clean up.
type Ticket = { id: string; title: string; key: string | null };
const REQUESTS = Array.from({ length: 12 }, (_, n) => ({
  title: `Login outage ${n + 1}`,
  description: "Auth failures",
}));
const TRIES = 10;

let api: Api;
let agent: ReturnType<typeof asking>;
let olga: Person;
let service: Server;
let url = "";
let tickets: Ticket[] = [];
let posts = 0;
let degraded = true;
let knowsKeys = false;

/** Creates the ticket, and then answers 502 three times of four: the answer is lost, the ticket is not. */
function receive(body: Json, key: string | null): { status: number; body: Json } {
  posts++;
  const known = knowsKeys && key !== null ? tickets.find((t) => t.key === key) : undefined;
  const ticket = known ?? { id: `T-${tickets.length + 1}`, title: String(body.title), key };
  if (!known) tickets.push(ticket);
  return degraded && posts % 4 !== 0
    ? { status: 502, body: { error: "bad gateway" } }
    : { status: 201, body: { id: ticket.id, status: "created" } };
}

beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  olga = await person(api, "olga", ["operator"]);
  service = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += String(part);
    });
    request.on("end", () => {
      const answer = receive(
        JSON.parse(text) as Json,
        (request.headers["idempotency-key"] as string | undefined) ?? null,
      );
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/tickets`;
});
afterAll(async () => {
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});
beforeEach(async () => {
  await api.query("delete from breakers");
  tickets = [];
  posts = 0;
  degraded = true;
  knowsKeys = false;
});

const duplicates = () => tickets.length - new Set(tickets.map((t) => t.title)).size;

type Gate = {
  ask: (args: Json, attempt: number) => Promise<{ go: boolean; key: string | null; end: string; done: Json | null }>;
  tell: (result: Json) => Promise<unknown>;
};
/** The agent: tries until it is told that the ticket was created. With a gate it asks before each try, and that is all. */
async function create(args: Json, gate?: Gate): Promise<string> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const word = await gate?.ask(args, attempt);
    if (word?.done) return "success";
    if (word && !word.go) return word.end;
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (word?.key) headers["idempotency-key"] = word.key;
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(args) });
    const body = (await answer.json()) as Json;
    await gate?.tell(
      answer.ok
        ? { status: "ok", http_status: answer.status, result: body, effect: { external_id: String(body.id) } }
        : { status: "error", http_status: answer.status },
    );
    if (answer.ok) return "success";
  }
  return "tool_failed";
}

function gateOf(run_id: string): Gate {
  let decision = "";
  return {
    ask: async (args, attempt) => {
      const said = await agent.ask(run_id, { tool: "ticket.create", args, attempt });
      decision = said.decision_id;
      return {
        go: said.outcome === "allow",
        key: String(said.idempotency_key),
        end: said.outcome === "require_approval" ? "waiting" : String(said.stop_reason),
        done: said.outcome === "replay" ? (said.replay as Json) : null,
      };
    },
    tell: (result) => agent.tell(decision, result),
  };
}

/** One run a request, as the agent of the incident had it; a run that ends says why. */
async function work(args: Json, id: string, run = ""): Promise<{ run: string; end: string }> {
  const run_id = run || (await api.openRun({ agent_id: id, task_type: "ticket-triage" })).run_id;
  const end = await create(args, gateOf(run_id));
  if (end !== "waiting") await api.post(`/runs/${run_id}/finish`, { stop_reason: end });
  return { run: run_id, end };
}
const runOf = async (id: string) => (await api.get(`/runs/${id}`)).body;
const ledger = async (id: string, status = "") =>
  (await api.get(`/effects?agent_id=${id}${status && `&status=${status}`}`)).body.items as unknown as (Json & {
    effect_id: string;
    run_id: string;
  })[];

async function withoutInterlock(): Promise<number> {
  for (const args of REQUESTS) expect(await create(args)).toBe("success");
  return duplicates();
}

test("36 duplicates without Interlock, 0 with it: each unknown write is asked about, the circuit opens, a person settles the rest", async () => {
  const before = await withoutInterlock();
  expect(before).toBeGreaterThanOrEqual(34);
  tickets = [];
  posts = 0;

  const id = "triage-bot";
  await agent.put(id, {
    bindings: [{ agent_id: id }],
    tools: {
      allow: ["ticket.create"],
      catalog: { "ticket.create": { effect: "write", compensation: "ticket.close" } },
      retries: { max_attempts: 2 },
      circuit_breakers: { failure_threshold: 5, window_seconds: 60 },
    },
  });
  const ends: { args: Json; run: string; end: string }[] = [];
  for (const args of REQUESTS) ends.push({ args, ...(await work(args, id)) });

  const of = (end: string) => ends.filter((e) => e.end === end);
  expect([of("success").length, of("waiting").length, of("circuit_open").length]).toEqual([1, 5, 6]);
  expect(posts).toBe(6);
  for (const { run } of of("waiting")) expect(await runOf(run)).toMatchObject({ status: "waiting", stop_reason: null });
  for (const { run } of of("circuit_open"))
    expect(await runOf(run)).toMatchObject({ status: "failed", stop_reason: "circuit_open" });
  expect((await api.get("/breakers")).body.items).toMatchObject([
    { tool: "ticket.create", state: "open", failures: 5 },
  ]);

  const unknown = await ledger(id, "unknown");
  expect(unknown).toHaveLength(5);
  expect(await ledger(id, "done")).toHaveLength(1);
  for (const effect of unknown) {
    const { title } = JSON.parse(String(effect.args_preview)) as { title: string };
    const found = tickets.find((t) => t.title === title);
    const body = { done: found !== undefined, external_id: found?.id, reason: `Looked for "${title}" in the desk.` };
    const settled = await api.post(`/effects/${effect.effect_id}/settle`, body, olga.session);
    expect(settled.body).toMatchObject({ status: "done", external_id: found?.id, settled_by: "olga" });
  }
  for (const { args, run } of of("waiting")) expect((await work(args, id, run)).end).toBe("success");

  degraded = false;
  await api.query("update breakers set open_until = now() - interval '1 second'");
  for (const { args } of of("circuit_open")) expect((await work(args, id)).end).toBe("success");
  expect((await api.get("/breakers")).body.items).toMatchObject([{ state: "closed", failures: 0 }]);
  expect([tickets.length, await ledger(id, "unknown"), (await ledger(id, "done")).length]).toEqual([12, [], 12]);
  expect({ without: before, with: duplicates() }).toEqual({ without: 36, with: 0 });
});

test("0 duplicates where the service takes the key: the second try hands it the same one, and a third is a person's", async () => {
  const id = "keyed-bot";
  knowsKeys = true;
  await agent.put(id, {
    bindings: [{ agent_id: id }],
    tools: {
      allow: ["ticket.create"],
      idempotency_required: ["ticket.create"],
      retries: { max_attempts: 2 },
      circuit_breakers: { failure_threshold: 50 },
    },
  });
  const ends: string[] = [];
  for (const args of REQUESTS) ends.push((await work(args, id)).end);
  const keys = new Set(tickets.map((t) => t.key));
  expect([duplicates(), keys.size, ends.filter((e) => e === "success").length]).toEqual([0, 12, 6]);
  expect(new Set(ends)).toEqual(new Set(["success", "waiting"]));
  expect((await ledger(id, "unknown")).every((e) => e.attempts === 2)).toBe(true);
});
