/** What came of one attempt. `final`: trying again would not help. */
export type Came =
  | { ok: true; status: number | null; error: string | null }
  | { ok: false; status: number | null; error: string; final: boolean; retryAfterS?: number };
