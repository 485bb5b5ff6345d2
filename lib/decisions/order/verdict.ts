import type { Ask, DecisionCode, DenyCode, PolicyRef, Refusal } from "../../policies";
import { DENY } from "../../policies";
import type { StopReason } from "../../runs";
import type { Approval, Effect } from "../book";
import type { Outcome } from "../schema";

/** The word on one question, before it is booked. */
export type Verdict = {
  outcome: Outcome;
  code: DecisionCode;
  stopReason: StopReason | null;
  message: string;
  ref: PolicyRef | null;
  rule: string | null;
  retryAfterMs: number | null;
  /** What the ledger has under this key, where that matters to the answer. */
  effect: Effect | null;
  /** To be shown, or to be spent. */
  approval: Approval | null;
  /** A person has to be asked anew: why. */
  ask: { kind: Approval["kind"]; asks: Ask[] } | null;
  grantId: string | null;
  useModel: string | null;
  probe: boolean;
};

export type Judgement = Verdict & {
  /** What a document in observe would have said: the first that would have refused. */
  would: Verdict | null;
};

export const RETRY_MS = { paused: 5_000, effect: 1_000, approvals: 30_000 };

type Base = { ref?: PolicyRef | null; rule?: string | null };
export const verdict = (
  outcome: Outcome,
  code: DecisionCode,
  message: string,
  more: Partial<Verdict> & Base = {},
): Verdict => ({
  outcome,
  code,
  stopReason: null,
  message,
  ref: null,
  rule: null,
  retryAfterMs: null,
  effect: null,
  approval: null,
  ask: null,
  grantId: null,
  useModel: null,
  probe: false,
  ...more,
});

export const deny = (code: DenyCode, message: string, more: Partial<Verdict> = {}): Verdict =>
  verdict("deny", code, message, { stopReason: DENY[code], ...more });

export const refused = (r: Refusal): Verdict => deny(r.code, r.message, { ref: r.ref, rule: r.rule });

export const wait = (
  code: "paused" | "rate_limited" | "effect_in_flight" | "approvals_full",
  message: string,
  ms: number,
  more = {},
) => verdict("wait", code, message, { retryAfterMs: Math.max(1, Math.ceil(ms)), ...more });
