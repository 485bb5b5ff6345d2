import { randomBytes } from "node:crypto";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { type InterlockError, InvalidRequest } from "./errors.js";

/** Stands between the gate and what it lets through. The chaos harness is made of it. */
export type Intercept = {
  /** In the place of a tool; `execute` is the tool. */
  tool?: (
    call: { runId: string; tool: string; args: unknown; attempt: number; signal: AbortSignal },
    execute: () => Promise<unknown>,
  ) => Promise<unknown>;
  /** In the place of a model; where a framework calls it, `execute` does nothing and the answer stays the framework's. */
  model?: (call: { model: string; signal: AbortSignal }, execute: () => Promise<unknown>) => Promise<unknown>;
  opened?: (run: Watched) => void;
};
/** A run as a harness sees it. */
export type Watched = {
  readonly id: string;
  readonly waitingForPerson: boolean;
  abandon: (error: InterlockError) => void;
};

export type ConnectOptions = {
  /** Where Interlock runs, without a path. @default `INTERLOCK_URL` */
  url?: string;
  /** A key of scope `agent`. @default `INTERLOCK_KEY` */
  key?: string;
  /** Who acts: the name under which policies, budgets and switches find it. */
  agentId: string;
  /** What runs are for, where `run()` does not say. @default "task" */
  taskType?: string;
  /** On whose behalf, where `run()` does not say. */
  tenantId?: string;
  /** This process: what a switch waits for. @default agent, host, process and six random letters */
  instanceId?: string;
  /** Versions that belong to each run, such as `{ agent: "1.4.0", prompt: "7" }`. */
  versions?: Record<string, string>;
  /** @default `NODE_ENV` */
  deploymentEnv?: string;
  /** Where results and ends of runs wait while nobody takes them; null keeps them in memory alone. @default `INTERLOCK_SPOOL_DIR`, else `~/.interlock/spool` */
  spoolDir?: string | null;
  /** Milliseconds for one request. @default 10_000 */
  requestTimeoutMs?: number;
  /** Milliseconds for which a question is asked again while nobody answers. @default 60_000 */
  patienceMs?: number;
  /** Whether steps, calls and models are sent as OpenTelemetry spans. Switch it off where the framework sends its own. @default true */
  telemetry?: boolean;
  /** Told of what a log should have: reconnects, staleness, what was spooled, what was refused. */
  onEvent?: (event: AgentEvent) => void;
  /** For tests. @default the global one */
  fetch?: typeof fetch;
  /** For chaos tests. */
  intercept?: Intercept;
};

export type AgentEvent = {
  kind: "connected" | "disconnected" | "stale" | "fresh" | "mode" | "spooled" | "delivered" | "dropped" | "refused";
  message: string;
};

export type Settings = Required<Omit<ConnectOptions, "tenantId" | "deploymentEnv">> & {
  tenantId: string | undefined;
  deploymentEnv: string | undefined;
};

const MAX_ID = 200;

/** @throws InvalidRequest where the address, the key or the agent's name is missing */
export function settingsOf(options: ConnectOptions): Settings {
  const { env } = process;
  const url = options.url ?? env.INTERLOCK_URL ?? "";
  const key = options.key ?? env.INTERLOCK_KEY ?? "";
  if (!/^https?:\/\//.test(url)) throw new InvalidRequest("Say where Interlock is: `url`, or INTERLOCK_URL.", 0);
  if (key === "") throw new InvalidRequest("Give a key of scope `agent`: `key`, or INTERLOCK_KEY.", 0);
  if (!options.agentId || options.agentId.length > MAX_ID)
    throw new InvalidRequest("Give the agent a name of 1 to 200 characters: `agentId`.", 0);
  const own = `${options.agentId}@${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  return {
    url: url.replace(/\/+$/, ""),
    key,
    agentId: options.agentId,
    taskType: options.taskType ?? "task",
    tenantId: options.tenantId,
    instanceId: options.instanceId ?? own.slice(-MAX_ID),
    versions: options.versions ?? {},
    deploymentEnv: options.deploymentEnv ?? env.NODE_ENV,
    spoolDir:
      options.spoolDir === undefined
        ? (env.INTERLOCK_SPOOL_DIR ?? join(homedir(), ".interlock", "spool"))
        : options.spoolDir,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    patienceMs: options.patienceMs ?? 60_000,
    telemetry: options.telemetry ?? true,
    onEvent: options.onEvent ?? (() => {}),
    fetch: options.fetch ?? globalThis.fetch,
    intercept: options.intercept ?? {},
  };
}
