import type { Schema } from "./schema.js";
import type { Effect } from "./wire.js";

/** What a tool is given besides its arguments. */
export type ToolContext = {
  /** Aborted by a stop, a time-out, a lost lease or `close()`: hand it to `fetch`. */
  signal: AbortSignal;
  /** The same for every attempt of the same write: hand it downstream. */
  idempotencyKey: string | null;
  /** Counted from 1. */
  attempt: number;
  /** What allowed it: as `interlock.decision.id` it belongs on spans of your own. Null where nobody could be asked. */
  decisionId: string | null;
};

export type Tool<A = unknown, T = unknown> = {
  /** As policies name it, such as `ticket.create`. */
  name: string;
  execute: (args: A, context: ToolContext) => Promise<T> | T;
  /** What it does to the world. The catalogue may only raise it. @default "write" */
  effect?: Effect;
  /** Such as `write:tickets`. */
  capability?: string;
  connector?: string;
  /** The name of the credential it uses, never the credential. */
  credentialRef?: string;
  endpoint?: string;
  /** Standard Schema of what it answers: anything else fails closed with `tool_output_invalid`. */
  output?: Schema<T>;
  /** The other side's name of what was written. */
  externalId?: (data: T) => string | undefined;
  /** How what was written can be taken back. */
  compensation?: (data: T, args: A) => { tool: string; args?: unknown };
};

/** Gives a tool its types; nothing else. */
export const tool = <A, T>(definition: Tool<A, T>): Tool<A, T> => definition;

export type CallOptions = {
  /** Why, and what it touches: what an approver reads. */
  intent?: { reason?: string; resources?: string[] };
  /** What conditions of policies ask about and arguments do not tell. */
  facts?: Record<string, unknown>;
  /** Expected use. */
  estimate?: { tokens?: number; usd?: number };
  /** Tells two writes apart that are the same to the letter and both meant. */
  dedupeKey?: string;
  stage?: string;
  /** Whether to wait for a person where one is asked. "return" gives `ApprovalPending` back at once. @default "wait" */
  approval?: "wait" | "return";
  /** Whether a call that failed may be asked for again, where policy lets it; looked at when it has failed. @default true */
  retry?: () => boolean;
  /** Told of the person who is asked, before the call waits: where to answer, and until when. */
  onAsked?: (approval: { id: string; url: string; expiresAt: string }) => void;
};
