import { type Answer, type Api, passing } from "../api.js";
import { stateHash } from "../canonical.js";
import { CheckpointMismatch, Unavailable } from "../errors.js";
import { runProblem } from "./refusal.js";

export type Checkpoint = { checkpointId: string; stateHash: string };

const taken = (answer: Answer, doing: string): Record<string, unknown> => {
  if (passing(answer.status)) throw new Unavailable(`${doing}: Interlock cannot be reached.`);
  if (answer.body.code === "checkpoint_mismatch")
    throw new CheckpointMismatch(String(answer.body.detail), {
      code: "checkpoint_mismatch",
      stopReason: "invalid_input",
    });
  if (answer.status >= 300) throw runProblem(answer, doing);
  return answer.body;
};

/** Records what a saved state looks like; the state itself stays with the caller. @throws Unavailable | LeaseLost */
export async function checkpoint(
  api: Api,
  about: { runId: string; step: number; parent?: string },
  state: unknown,
  signal: AbortSignal,
): Promise<Checkpoint> {
  const hash = stateHash(state);
  const body = {
    run_id: about.runId,
    step: about.step,
    state_hash: hash,
    bytes: Buffer.byteLength(JSON.stringify(state) ?? ""),
    ...(about.parent ? { parent_checkpoint_id: about.parent } : {}),
  };
  const answer = await api.call("POST", "v1/checkpoints", body, { forMs: api.settings.patienceMs, signal });
  const { checkpoint_id } = taken(answer, "saving a checkpoint");
  return { checkpointId: String(checkpoint_id), stateHash: hash };
}

/** Is this the state that was saved? @throws CheckpointMismatch (an alert says so too) | Unavailable */
export async function verify(api: Api, checkpointId: string, state: unknown): Promise<void> {
  const path = `v1/checkpoints/${encodeURIComponent(checkpointId)}/verify`;
  const answer = await api.call("POST", path, { state_hash: stateHash(state) }, { forMs: api.settings.patienceMs });
  taken(answer, "checking a checkpoint");
}
