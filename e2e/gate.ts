import { api, expect, openRun, put } from "./test";

type Json = Record<string, unknown>;

/** A whole policy document, in force at once. */
export const putPolicy = (id: string, document: Json): Promise<Json> =>
  put(`/policies/${id}?note=for%20a%20journey`, document);

/** A run of the agent asks for one tool call. */
export const ask = (runId: string, tool: string, args: Json, more: Json = {}): Promise<Json> =>
  api.post("/decisions", { run_id: runId, kind: "tool", tool, args, ...more });

/** Ends whatever still waits for a person, so that a journey begins with an empty queue. */
async function emptyQueue(): Promise<void> {
  const waiting = async () =>
    ((await api.get("/approvals?status=pending&limit=200")) as { items: { run_id: string }[] }).items;
  for (const runId of new Set((await waiting()).map((each) => each.run_id)))
    await api.post(`/runs/${runId}/finish`, { stop_reason: "cancelled" });
  await expect.poll(async () => (await waiting()).length, { timeout: 40_000 }).toBe(0);
}

/** Runs that each wait for a person's word on one mail, and what they asked. */
export async function waitingMails(agentId: string, count: number) {
  await putPolicy(agentId, {
    bindings: [{ agent_id: agentId }],
    tools: { allow: ["mail.send"], catalog: { "mail.send": { effect: "irreversible" } } },
    budgets: { max_seconds: 600 },
    approvals: { ladder: [{ roles: ["approver"], timeout_s: 900 }] },
  });
  await emptyQueue();
  const asked: { runId: string; args: Json; approvalId: string }[] = [];
  for (let i = 0; i < count; i++) {
    const run = await openRun({ agent_id: agentId, goal: `Answer customer ${i + 1}` });
    const args = { to: `customer-${i + 1}@example.org`, body: "Your order is on its way." };
    const intent = { reason: `Customer ${i + 1} asked where the order is`, resources: [`mail:${args.to}`] };
    const word = await ask(String(run.run_id), "mail.send", args, { intent });
    const approval = word.approval as { id: string } | null;
    if (!approval) throw new Error(`Nobody is asked: ${JSON.stringify(word)}`);
    asked.push({ runId: String(run.run_id), args, approvalId: approval.id });
  }
  return asked;
}

export const statusOf = async (approvalId: string): Promise<unknown> =>
  (await api.get(`/approvals/${approvalId}`)).status;
