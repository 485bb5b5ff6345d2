import { KEY } from "./server";
import { api, openRun, origin } from "./test";

/** An agent in a loop that asks for control by the stream, and ends its run when it is told to stop. */
export async function loopingAgent(agentId: string, instanceId: string) {
  const run = await openRun({ agent_id: agentId, instance_id: instanceId, goal: "Find the ticket that is not there" });
  const runId = String(run.run_id);
  const abort = new AbortController();
  let calls = 0;
  let stopped = false;
  const turn = async (): Promise<void> => {
    const started_at = new Date().toISOString();
    const span = {
      span_id: `s-${calls}`,
      kind: "tool",
      name: "search.read",
      tool: "search.read",
      args: { q: "SUP-1" },
      result: [],
      status: "ok",
      started_at,
      ended_at: started_at,
    };
    const model = {
      span_id: `m-${calls}`,
      kind: "model",
      name: "chat gpt-4o",
      model: "gpt-4o",
      tokens: { input: 2_000 + calls * 400, output: 60 },
      status: "ok",
      started_at,
      ended_at: started_at,
    };
    calls++;
    await api.post("/spans", { run_id: runId, spans: [model, span] });
  };
  for (let n = 0; n < 6; n++) await turn();

  const listen = async (): Promise<void> => {
    const answer = await fetch(`${origin()}/api/v1/control/stream?run_id=${runId}&instance_id=${instanceId}`, {
      headers: { authorization: `Bearer ${KEY}` },
      signal: abort.signal,
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += Buffer.from(value).toString();
      const data = [...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1];
      const control = data ? (JSON.parse(data) as { mode: string; revision: number }) : null;
      if (control)
        await api.post("/control/ack", { instance_id: instanceId, applied_revision: control.revision, runs: [runId] });
      if (control?.mode !== "stop" || stopped) continue;
      stopped = true;
      await api.post(`/runs/${runId}/finish`, { stop_reason: "kill_switch" });
      return;
    }
  };
  const listening = listen().catch(() => undefined);
  return {
    runId,
    turn,
    hasStopped: () => stopped,
    end: async () => {
      abort.abort();
      await listening;
    },
  };
}
