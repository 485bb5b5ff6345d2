import { ApprovalPending, Cancelled, InterlockError, OutputInvalid } from "../errors.js";
import type { Outbox } from "../outbox.js";
import type { Outcome } from "../outcome.js";
import { check, type Schema } from "../schema.js";
import { written } from "../spans/attributes.js";
import type { Recorder, Span } from "../spans/recorder.js";
import type { CallOptions, Tool } from "../tool.js";
import type { Decision, Opened, Question, ResultBody, StopReason } from "../wire.js";
import { type Asking, ask, verdict } from "./ask.js";
import { callTool } from "./call.js";
import { callFenced, type Fenced } from "./fence.js";
import { here } from "./here.js";
import type { Inner } from "./inner.js";
import { type Checkpoint, checkpoint } from "./keep.js";
import type { Beat, Life } from "./life.js";
import { beginOwnModel, callModel, type ModelCall, type ModelQuestion, type ModelTurn } from "./model.js";
import { tell } from "./tell.js";

export type StepOptions<T> = {
  /** Of the token budget that it counts against. */
  stage?: string;
  /** Typed hand-over: what the step gives to the next one is checked, and never prose by accident. */
  output?: Schema<T>;
};
type Ended = { stopReason: StopReason; error?: InterlockError };
/** How long `finish` waits for its answer; after that the end arrives by itself. */
const FINISH_MS = 10_000;

/** One run of an agent. Made by `Interlock.run` or `Interlock.open`. */
export class Run {
  readonly id: string;
  /** Counted from 1; higher where another instance had it before. */
  readonly attempt: number;
  #step = 0;
  #stage: string | undefined;
  #progress: unknown;
  #waitingOn: Beat["waiting_on"];
  #lastCheckpoint: string | undefined;
  #ended: Ended | null = null;
  /** What a person was asked by `approval: "return"` and has not been called since. */
  readonly #asked = new Map<string, ApprovalPending>();
  readonly #root: Span;
  readonly #inner: Inner;

  /** @internal */
  constructor(
    opened: Opened,
    make: (beat: () => Beat) => Life,
    private readonly recorder: Recorder,
    private readonly outbox: Outbox,
  ) {
    this.id = opened.run_id;
    this.attempt = opened.attempt;
    const life = make(() => this.#beat());
    const { agentId } = life.api.settings;
    const about = { "interlock.run.id": this.id };
    this.#root = recorder.start(`invoke_agent ${agentId}`, {
      ...about,
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": agentId,
    });
    this.#inner = {
      life,
      stepNow: () => this.#step,
      stageNow: () => this.#stage,
      span: (name, attributes) => recorder.start(name, { ...about, ...attributes }, this.#root.place),
      tell: (decisionId, body) => tell(life, outbox, decisionId, body),
    };
  }

  /** Aborted when the run may not go on: by a stop, its time, a lost lease, `close()`. Its reason is the error. */
  get signal(): AbortSignal {
    return this.#inner.life.signal;
  }
  /** Steps begun so far. */
  get steps(): number {
    return this.#step;
  }
  /** A person is being asked. */
  get waitingForPerson(): boolean {
    return this.#inner.life.waits;
  }
  /** @throws Stopped | BudgetExhausted | LeaseLost | Cancelled where the run may not go on */
  throwIfOver(): void {
    if (this.#inner.life.over) throw this.#inner.life.over;
    this.signal.throwIfAborted();
  }

  /** What is begun inside is part of this run: its trace, and `currentRun()`. */
  within<T>(work: () => T): T {
    return here.run(this, () => this.#root.within(work));
  }

  /** One turn of the agent: may it begin, then what it gives, checked. @throws InterlockError where it may not */
  async step<T>(name: string, work: () => Promise<T> | T, options: StepOptions<T> = {}): Promise<T> {
    this.#step++;
    const decision = await ask(this.#inner.life, { kind: "step", step: this.#step, stage: options.stage });
    const before = this.#stage;
    this.#stage = options.stage ?? before;
    const span = this.#inner.span(`step ${name}`, {
      "gen_ai.operation.name": "agent_step",
      "interlock.step.name": name,
      "interlock.decision.id": decision.decision_id,
    });
    try {
      const made = await span.within(work);
      const value = options.output ? await check(options.output, made, `What the step ${name} hands over`) : made;
      span.end();
      await this.#inner.tell(decision.decision_id, { status: "ok" });
      return value;
    } catch (error) {
      span.end(error);
      await this.#inner.tell(decision.decision_id, {
        status: "error",
        error: { message: String(error).slice(0, 4_000) },
      });
      throw error;
    } finally {
      this.#stage = before;
    }
  }

  /** A call of a tool. What is about this call comes back as `{ ok: false }`; what is about the run is thrown. @throws Stopped | BudgetExhausted | LoopDetected | GoalDrift | LeaseLost | Unavailable | Cancelled */
  async tool<A, T>(tool: Tool<A, T>, args: A, options?: CallOptions): Promise<Outcome<T>> {
    return this.#heard(tool.name, args, await callTool(this.#inner, tool, args, options));
  }

  /** A write in two halves, with the asking between them. @throws as `tool` */
  fenced<A, P, T>(fenced: Fenced<A, P, T>, args: A, options: CallOptions = {}): Promise<Outcome<T>> {
    return callFenced(this.#inner, fenced, args, options);
  }

  /** A call of a model, held against the budgets before it happens. @throws as `tool` */
  model<T>(call: ModelCall<T>): Promise<Outcome<T>> {
    return callModel(this.#inner, call);
  }

  /** A call of a model that somebody else makes, such as a framework. @throws as `tool`, and Denied */
  beginModel(question: ModelQuestion): Promise<ModelTurn> {
    return beginOwnModel(this.#inner, question);
  }

  /** Judged before a user sees it. @param scores what an evaluator found, each 0 to 1 @throws OutputInvalid with `output_rejected` */
  async output(scores: Record<string, number>): Promise<void> {
    try {
      const decision = await ask(this.#inner.life, { kind: "output", step: this.#step, scores });
      await this.#inner.tell(decision.decision_id, { status: "ok" });
    } catch (error) {
      if (!(error instanceof InterlockError) || error.stopReason !== "output_rejected") throw error;
      throw new OutputInvalid(error.message, [], "output_rejected");
    }
  }

  /** Asked for, then written; `Memory` does it for you. @throws Denied | BudgetExhausted | Stopped */
  async remember(
    about: { key: string; scope: string; bytes: number },
    write: () => Promise<unknown> | unknown,
  ): Promise<void> {
    const decision = await ask(this.#inner.life, {
      kind: "memory",
      step: this.#step,
      bytes: about.bytes,
      scope: about.scope,
      args: { key: about.key },
    });
    try {
      await write();
      await this.#inner.tell(decision.decision_id, { status: "ok" });
    } catch (error) {
      await this.#inner.tell(decision.decision_id, {
        status: "error",
        error: { message: String(error).slice(0, 4_000) },
      });
      throw error;
    }
  }

  /** A state that can be gone on from: its hash is kept here, the state by you. @throws Unavailable | LeaseLost */
  async checkpoint(state: unknown): Promise<Checkpoint> {
    const about = { runId: this.id, step: this.#step, parent: this.#lastCheckpoint };
    const made = await checkpoint(this.#inner.life.api, about, state, this.signal);
    this.#lastCheckpoint = made.checkpointId;
    return made;
  }

  /** How far it is, shown on its page; sent with the next heartbeat. */
  progress(progress: unknown): void {
    this.#progress = progress;
  }

  /** While `work` waits for another run or a lock, that is told: two that wait for each other are found. */
  async waitingOn<T>(what: { runId?: string; lockKey?: string }, work: () => Promise<T>): Promise<T> {
    this.#waitingOn = {
      since: new Date().toISOString(),
      ...(what.runId ? { run_id: what.runId } : {}),
      ...(what.lockKey ? { lock_key: what.lockKey } : {}),
    };
    try {
      await this.#inner.life.heartbeat();
      return await work();
    } finally {
      this.#waitingOn = undefined;
    }
  }

  /** The bare question, for adapters: whoever gets an allow says with `told` what came of it. @throws as `tool`, and Denied | ApprovalRefused | ApprovalPending | ToolFailed */
  ask(question: Question, how?: Asking): Promise<Decision> {
    return ask(this.#inner.life, { step: this.#step, ...question }, how);
  }
  /** What came of an allow of `ask`. It arrives, now or later. */
  async told(decision: Decision, body: ResultBody): Promise<void> {
    await this.#inner.tell(decision.decision_id, body);
  }
  /** Until a person has answered, or the time to answer is over; the run spends no time meanwhile. @throws Stopped | Cancelled | LeaseLost */
  verdict(approvalId: string): Promise<"approved" | "denied" | "expired" | "cancelled" | "used" | "pending"> {
    const { life } = this.#inner;
    return life.waiting(() => verdict(life, approvalId));
  }
  /** Why the last known switches leave no such tool; null where they do. What policy says is heard by asking. */
  forbids(tool: string, connector?: string): string | null {
    return this.#inner.life.control.forbids(this.id, tool, connector);
  }
  /** Calls `listener` at each change of what holds this run; @returns how to stop that */
  onControl(listener: () => void): () => void {
    return this.#inner.life.control.onChange(listener);
  }
  /** The next step of a loop that somebody else runs: may it begin? @throws as `step` */
  async nextStep(): Promise<void> {
    this.#step++;
    const decision = await this.ask({ kind: "step" });
    await this.told(decision, { status: "ok" });
  }
  /** Ends what is under way with this error, for loops that would swallow it: `signal` is aborted, nothing more is allowed. */
  abandon(error: InterlockError): void {
    this.#inner.life.end(error);
  }

  /** A person was asked, and whoever asked did not wait: the first such question that is open. */
  get pending(): ApprovalPending | null {
    return [...this.#asked.values()][0] ?? null;
  }
  /** Lets go of a run that waits for a person, without ending it: the same `requestId` opens it again, here or elsewhere. */
  async leave(): Promise<void> {
    if (this.#ended) return;
    this.#ended = { stopReason: "approval_expired" };
    this.#inner.life.close();
    this.#root.end();
    await this.recorder.flush();
  }

  #heard<T>(tool: string, args: unknown, outcome: Outcome<T>): Outcome<T> {
    const of = `${tool} ${written(args) ?? ""}`;
    if (!outcome.ok && outcome.error instanceof ApprovalPending) this.#asked.set(of, outcome.error);
    else this.#asked.delete(of);
    return outcome;
  }

  /** Ends the run, one time. It arrives, now or after a restart. @returns what it ended with */
  async finish(stopReason: StopReason, more: { result?: unknown; error?: unknown } = {}): Promise<Ended> {
    if (this.#ended) return this.#ended;
    const { life } = this.#inner;
    const error = more.error instanceof InterlockError ? more.error : undefined;
    this.#ended = { stopReason, ...(error ? { error } : {}) };
    life.close();
    this.#root.end(more.error);
    await this.recorder.flush();
    // Who has lost it says nothing about it any more.
    if (life.over?.stopReason === "lease_expired") return this.#ended;
    const body = {
      stop_reason: stopReason,
      instance_id: life.api.settings.instanceId,
      lease_token: life.lease.token,
      ...(more.result === undefined ? {} : { result: more.result }),
      ...(more.error === undefined ? {} : { error: said(more.error) }),
    };
    const forMs = Math.min(FINISH_MS, life.api.settings.patienceMs);
    await this.outbox.send(`v1/runs/${encodeURIComponent(this.id)}/finish`, body, { forMs, ahead: true });
    return this.#ended;
  }

  /** @internal */
  cancel(): void {
    this.#inner.life.end(new Cancelled("The agent is shutting down."));
  }

  #beat(): Beat {
    return {
      step: this.#step,
      ...(this.#progress === undefined ? {} : { progress: this.#progress }),
      ...(this.#waitingOn ? { waiting_on: this.#waitingOn } : {}),
    };
  }
}

const said = (error: unknown): { type: string; message: string } =>
  error instanceof Error
    ? { type: error.name.slice(0, 200), message: error.message.slice(0, 4_000) }
    : { type: "Error", message: String(error).slice(0, 4_000) };
