// What is said over the wire, as docs/agent-api has it. Nothing of it leaves the package but where a type is named in index.ts.

export type Mode = "run" | "safe_mode" | "pause" | "stop";
export type OnStale = "continue" | "safe_mode" | "stop";
export type Effect = "read" | "write" | "irreversible";
export type Phase = "prepare" | "commit" | "rollback";
export type RunStatus = "running" | "waiting" | "completed" | "failed" | "stopped" | "lost";

/** Why a run ended: a closed list. */
export type StopReason =
  | "success"
  | "step_budget"
  | "tool_budget"
  | "time_budget"
  | "cost_budget"
  | "token_budget"
  | "loop_detected"
  | "no_progress"
  | "tool_denied"
  | "tool_timeout"
  | "tool_rate_limit"
  | "tool_output_invalid"
  | "tool_auth_failed"
  | "tool_failed"
  | "circuit_open"
  | "approval_denied"
  | "approval_expired"
  | "output_rejected"
  | "goal_drift"
  | "context_budget"
  | "kill_switch"
  | "cancelled"
  | "lease_expired"
  | "internal_error"
  | "invalid_input";

export type ControlState = {
  revision: number;
  mode: Mode;
  reason: string | null;
  directives: { switch_id: string; scope: { kind: string; key: string | null }; mode: Mode; reason: string }[];
  safe_mode: { allowed_tools: string[] };
  blocked_tools: string[];
  blocked_connectors: string[];
  /** Seconds for which what was last heard may be acted on. */
  ttl_s: number;
  on_stale: OnStale;
  poll_after_s: number;
};

export type Lease = { token: string; ttl_s: number };
export type Opened = {
  run_id: string;
  status: RunStatus;
  owner: boolean;
  attempt: number;
  lease: Lease | null;
  limits: Record<string, number>;
  control: ControlState;
  stop_reason: StopReason | null;
  result?: unknown;
};

/** What is left of the caps of a run; null where nothing caps it. */
export type Remaining = {
  steps: number | null;
  tool_calls: number | null;
  seconds: number | null;
  usd: number | null;
  tokens: number | null;
};

export type Question = {
  kind: "step" | "tool" | "model" | "memory" | "output";
  step?: number;
  stage?: string;
  tool?: string;
  connector?: string;
  capability?: string;
  credential_ref?: string;
  model?: string;
  args?: unknown;
  facts?: Record<string, unknown>;
  effect?: Effect;
  intent?: { reason?: string; resources?: string[] };
  estimate?: { tokens?: number; usd?: number; input_tokens?: number; max_output_tokens?: number };
  bytes?: number;
  scope?: string;
  scores?: Record<string, number>;
  attempt?: number;
  approval_id?: string;
  dedupe_key?: string;
  phase?: Phase;
};

export type Limits = {
  timeout_s: number;
  max_attempts: number;
  backoff_ms: number[];
  retryable_status: number[];
  use_model: string | null;
};
export type Decision = {
  decision_id: string;
  outcome: "allow" | "deny" | "require_approval" | "replay" | "wait";
  code: string;
  stop_reason: StopReason | null;
  message: string;
  retry_after_ms: number | null;
  effect: Effect | null;
  effect_id: string | null;
  idempotency_key: string | null;
  replay: { external_id: string | null; url: string | null; result: unknown; result_hash: string | null } | null;
  approval: { id: string; status: string; expires_at: string; url: string } | null;
  limits: Limits;
  remaining: Remaining;
  control: { revision: number; mode: Mode };
};

export type Tokens = { input: number; output?: number; cached?: number };
export type ResultBody = {
  status: "ok" | "error" | "timeout" | "not_executed";
  http_status?: number;
  error?: { type?: string; message: string };
  latency_ms?: number;
  endpoint?: string;
  tokens?: Tokens;
  usd?: number;
  result?: unknown;
  result_hash?: string;
  output_valid?: boolean;
  effect?: { external_id?: string; url?: string; compensation?: { tool: string; args?: unknown } };
};
export type Told = {
  remaining: Remaining;
  next: "continue" | "stop";
  stop_reason: StopReason | null;
  code: string | null;
  effect: { effect_id: string; status: string } | null;
  output_valid: boolean | null;
  errors: { path: string; message: string }[];
};
export type ApprovalState = {
  id: string;
  status: "pending" | "approved" | "denied" | "expired" | "cancelled" | "used";
};
