import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach } from "vitest";
import { asking } from "../../lib/http/tests/asking";
import type { Api, Json } from "../../lib/http/tests/harness";
import { type AgentEvent, type ConnectOptions, connect, type Interlock } from "../src/index";

/** Agents of a suite: each with a policy of its own, a spool of its own, closed at the end of its test. */
export function agents(api: Api) {
  const { put } = asking(api);
  const spool = mkdtempSync(path.join(os.tmpdir(), "interlock-sdk-"));
  const open: Interlock[] = [];
  const events: AgentEvent[] = [];
  let n = 0;
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close({ graceMs: 0 })));
    events.length = 0;
  });
  afterAll(() => rmSync(spool, { recursive: true, force: true }));

  /** A connected agent under this document. */
  async function agent(document: Json = {}, options: Partial<ConnectOptions> = {}): Promise<Interlock> {
    const agentId = options.agentId ?? `sdk-${++n}`;
    const made = await put(agentId, { bindings: [{ agent_id: agentId }], tools: { allow: ["*"] }, ...document });
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
    return join(agentId, options);
  }
  /** Another process of an agent that is there. */
  function join(agentId: string, options: Partial<ConnectOptions> = {}): Interlock {
    const onEvent = (event: AgentEvent) => events.push(event);
    const one = connect({
      url: api.origin,
      key: api.rootKey,
      agentId,
      spoolDir: spool,
      onEvent,
      patienceMs: 5_000,
      ...options,
    });
    open.push(one);
    return one;
  }
  const stored = async (runId: string) => (await api.get(`/runs/${runId}`)).body as Json;
  return { agent, join, stored, events, spool };
}

/** Resolves when it is told to. */
export function latch<T = void>() {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
