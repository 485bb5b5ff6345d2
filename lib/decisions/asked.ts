import type { Budget, Cap, Window } from "../budgets";
import type { Call, CallOf, Compiled, Judged, Refusal } from "../policies";
import type { Question } from "./schema";

/** What safe mode, pauses and stops say of this caller, as one snapshot has it. */
export type Control = {
  revision: number;
  mode: "run" | "safe_mode" | "pause" | "stop";
  reason: string;
  blocked: Refusal | null;
  /** Safe mode's tools of the environment, where no document names any. */
  safeTools: readonly string[];
};
export type Asker = { keyId: string | null; personId: string; name: string };

/** What one ancestor, or the run itself, may spend. */
export type Ceiling = { runId: string; caps: Cap[] };
/** A window of some scope that a budget looks at. */
export type Watched = { budget: Budget; cap: Cap; kind: string; key: string; window: Window };

/** A question made ready before the lock is taken: everything that does not depend on what others have done meanwhile. */
export type Asked = {
  decisionId: string;
  question: Question;
  requestHash: string;
  by: Asker;
  of: CallOf & { ancestors: readonly string[] };
  call: Call;
  policy: Compiled;
  /** Nothing that a document says is enforced: it is recorded what it would have said. */
  observing: boolean;
  judged: Judged;
  shadow: { policy: Compiled; judged: Judged } | null;
  control: Control;
  argsHash: string | null;
  argsCanonical: string | null;
  fingerprint: string | null;
  subject: string;
  /** Of writes. */
  key: string | null;
  windowMs: number | null;
  idempotent: boolean;
  estimate: { tokens: number | null; micros: number | null };
  ceilings: Ceiling[];
  watched: Watched[];
  stageCap: { tokens: number | null; micros: number | null } | null;
  toolCap: {
    calls: number | null;
    retries: number | null;
    tokens?: number | null;
    micros?: number | null;
  } | null;
  seconds: number | null;
  uniqueCalls: number | null;
  /** Standing grants that fit this call: agent, tool, tenant and condition. */
  grants: string[];
};
