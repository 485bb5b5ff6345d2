import { type InterlockError, OutputInvalid } from "../errors.js";
import type { Outbox } from "../outbox.js";
import type { ResultBody, Told } from "../wire.js";
import type { Life } from "./life.js";
import { errorOf, ofTheCall } from "./refusal.js";

/** How long a call waits for its result to be taken; after that it arrives by itself. */
const WAIT_MS = 5_000;

/** What the server says of a result: null, or why this call or this run does not go on. */
export type Word = InterlockError | null;

/** Says what came of an allowed call. A word to stop the run ends it; one about this call alone is given back. Never throws. */
export async function tell(life: Life, outbox: Outbox, decisionId: string, body: ResultBody): Promise<Word> {
  const path = `v1/decisions/${encodeURIComponent(decisionId)}/result`;
  const forMs = Math.min(WAIT_MS, life.api.settings.patienceMs);
  const answer = await outbox.send(path, { ...body, lease_token: life.lease.token }, { forMs });
  if (answer === null || answer.status !== 200) return null;
  const told = answer.body as unknown as Told;
  life.clock(told.remaining);
  if (told.next !== "stop") return null;
  const reason = told.stop_reason ?? "cancelled";
  const error =
    reason === "tool_output_invalid"
      ? new OutputInvalid("The answer does not fit the tool's schema in the catalogue.", told.errors)
      : errorOf(reason, told.code ?? reason, `Interlock says stop after this result: ${told.code ?? reason}.`);
  if (!ofTheCall(error)) life.end(error);
  return error;
}
