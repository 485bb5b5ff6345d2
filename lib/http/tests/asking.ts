import type { Api, Json } from "./harness";

/** What a decision answered, as far as suites look at it; whatever else it holds stays reachable by name. */
export type Said = Json & {
  status: number;
  said: string;
  decision_id: string;
  effect_id: string;
  approval: { id: string; status: string; url: string; expires_at: string } | null;
};
type Options = Parameters<Api["post"]>[2];

/** Asks as an agent does, and reads the answer in two words: `allow allowed`, `deny tool_denied`; an error is its code. */
export function asking(api: Api) {
  async function ask(run_id: string, question: Json = {}, options?: Options): Promise<Said> {
    const { status, body } = await api.post("/decisions", { run_id, kind: "tool", ...question }, options);
    const said = status === 200 ? `${String(body.outcome)} ${String(body.code)}` : `${status} ${String(body.code)}`;
    return { ...body, status, said } as unknown as Said;
  }
  const tell = (decision_id: string, result: Json = {}, options?: Options) =>
    api.post(`/decisions/${decision_id}/result`, { status: "ok", ...result }, options);
  /** Asks, and where it is allowed tells what came of it. */
  async function call(run_id: string, question: Json, result: Json = {}): Promise<Said> {
    const one = await ask(run_id, question);
    if (one.outcome === "allow") await tell(one.decision_id, result);
    return one;
  }
  const put = (id: string, document: Json) => api.put(`/policies/${id}`, document);
  /** A document in force for one agent, and a run of that agent. */
  async function ruled(agent_id: string, document: Json, run: Json = {}): Promise<string> {
    const made = await put(agent_id, { bindings: [{ agent_id }], ...document });
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
    return (await api.openRun({ agent_id, ...run })).run_id;
  }
  return { ask, tell, call, put, ruled };
}
