/** One table: what can go wrong, and the HTTP status that says so. */
export const STATUS = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  request_id_reused: 409,
  run_locked: 409,
  run_finished: 409,
  lease_lost: 409,
  stopped: 409,
  paused: 409,
  budget_exhausted: 409,
  checkpoint_mismatch: 409,
  gone: 410,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  args_not_canonical: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;
export type Code = keyof typeof STATUS;

export type FieldError = { path: string; message: string };

type Details = {
  errors?: FieldError[];
  /** Facts beside the message that the caller may act on; part of the public answer. */
  extra?: Record<string, unknown>;
  retryAfterS?: number;
  /** Private: goes to the log, never to the caller. */
  cause?: unknown;
};

/** What a verb throws when the answer is no. `message` is public; `cause` is not. */
export class Failure extends Error {
  override name = "Failure";
  readonly errors: FieldError[] | undefined;
  readonly extra: Record<string, unknown> | undefined;
  readonly retryAfterS: number | undefined;
  constructor(
    readonly code: Code,
    message: string,
    details: Details = {},
  ) {
    super(message, { cause: details.cause });
    this.errors = details.errors;
    this.extra = details.extra;
    this.retryAfterS = details.retryAfterS;
  }
}

export const notFound = (what: string): Failure => new Failure("not_found", `There is no such ${what} here.`);
