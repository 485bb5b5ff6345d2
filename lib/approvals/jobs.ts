import { callerOf, controlFor, stateOf } from "../controls";
import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { systemCtx } from "../platform/ctx";
import { log } from "../platform/log";
import { outbound } from "../platform/outbound";
import { inTransaction, reader } from "../platform/verb";
import { advance } from "./decide";
import { stageOf } from "./ladder";
import { endMessage, questionMessage } from "./messages";
import * as store from "./store";
import { takeEnded, takeUntold } from "./store/told";

const SYSTEM = "Interlock";
const MACHINE_MS = 5_000;

/** Which questions stand under a stop or a pause: their clocks stand still. */
async function frozen(): Promise<{ environmentId: string; approvalIds: string[] }[]> {
  const byEnvironment = new Map<string, string[]>();
  for (const { environmentId, approvalId, runId } of await store.waitingOnes(reader().sql)) {
    const { snapshot } = await stateOf(environmentId);
    if (snapshot.active.length === 0) continue;
    const caller = await callerOf(systemCtx(environmentId, "approvals"), { run_id: runId }).catch(() => null);
    const mode = caller ? controlFor(snapshot, caller).mode : "run";
    if (mode === "stop" || mode === "pause")
      byEnvironment.set(environmentId, [...(byEnvironment.get(environmentId) ?? []), approvalId]);
  }
  return [...byEnvironment].map(([environmentId, approvalIds]) => ({ environmentId, approvalIds }));
}

/** Clocks: freezes and thaws, reminds, escalates, expires; withdraws what an ended run had asked; wakes runs that wait for nobody. */
export async function sweepApprovals(): Promise<void> {
  await store.freeze(reader().sql, await frozen());
  for (const one of await store.due(reader().sql)) {
    const { environmentId, approvalId } = one;
    await inTransaction(async (tx) => {
      if (one.runEnded)
        await store.settle(tx, environmentId, approvalId, {
          status: "cancelled",
          by: SYSTEM,
          reason: `The run ended: ${one.runStop}.`,
        });
      else if (one.over)
        await store.settle(tx, environmentId, approvalId, {
          status: "expired",
          by: SYSTEM,
          reason: "Nobody answered in time.",
        });
      else if (one.stageOver) await timeout(tx, one);
      else if (one.remindDue) {
        const { rowCount } = await store.reminded(tx, environmentId, approvalId, stageOf(one)?.remind_after_s ?? 3_600);
        if (rowCount === 1 && !stageOf(one)?.machine) await notify(tx, questionMessage(one, "reminder"));
      }
    });
    announce(environmentId, "approvals", "runs");
  }
  await tellQuestions();
  await store.wakeRuns(reader().sql);
}

/** What people have not been told: how a question ended that they heard of, a new one, one that has come to its next stage. */
async function tellQuestions(): Promise<void> {
  await inTransaction(async (tx) => {
    for (const one of await takeEnded(tx)) await notify(tx, endMessage(one, one.toldAs));
    for (const one of await takeUntold(tx)) await notify(tx, questionMessage(one, one.first ? "opened" : "updated"));
  });
}

async function timeout(tx: Parameters<typeof store.settle>[0], a: store.ApprovalRow): Promise<void> {
  const next = a.ladder[a.stage + 1];
  if (stageOf(a)?.on_timeout === "expire" || !next) {
    await store.settle(tx, a.environmentId, a.approvalId, {
      status: "expired",
      by: SYSTEM,
      reason: "Nobody answered in time.",
    });
    return;
  }
  await store.toStage(tx, a.environmentId, a.approvalId, a.stage + 1, next.timeout_s, next.remind_after_s ?? null);
}

type Said = { verdict: "approve" | "deny" | "abstain"; reason: string };

/** Asks an HTTP validator. Whatever is no clear word within 5 s passes to the next stage. */
async function ask(a: store.ApprovalRow, url: string): Promise<Said> {
  const body = {
    approval_id: a.approvalId,
    run_id: a.runId,
    agent_id: a.agentId,
    tenant_id: a.tenantId,
    task_type: a.taskType,
    tool: a.tool,
    effect: a.effect,
    args: a.args === null ? null : parsed(a.args),
    args_hash: a.question.args_hash ?? null,
    facts: a.question.facts ?? {},
    intent: a.question.intent ?? null,
  };
  try {
    const answer = await outbound(url, body, MACHINE_MS);
    const { verdict, reason } = (answer ?? {}) as { verdict?: unknown; reason?: unknown };
    if (verdict === "approve" || verdict === "deny")
      return {
        verdict,
        reason: typeof reason === "string" ? reason.slice(0, 1_000) : `The validator says ${verdict}.`,
      };
    return { verdict: "abstain", reason: "The validator gave no verdict." };
  } catch (err) {
    return { verdict: "abstain", reason: `The validator could not be asked: ${(err as Error).message.slice(0, 200)}` };
  }
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The machine stages that wait: a yes counts as the stage's, a no or silence goes to people, who see it. */
export async function askMachines(): Promise<void> {
  for (const a of await store.machineStages(reader().sql)) {
    const url = stageOf(a)?.machine;
    if (!url) continue;
    const said = await ask(a, url);
    log.info({ approval: a.approvalId, verdict: said.verdict }, "a validator was asked");
    await inTransaction(async (tx) => {
      const now = await store.approval(tx, a.environmentId, a.approvalId, true);
      if (now?.status !== "pending" || now.stage !== a.stage) return;
      const name = `validator ${new URL(url).host}`;
      await store.addVote(tx, a.environmentId, a.approvalId, {
        stage: a.stage,
        voter: "machine",
        voterName: name,
        ...said,
      });
      // A no is for a person to weigh: it never ends the question by itself, and never skips the people behind it.
      if (said.verdict === "approve" && now.ladder.length === 1) await advance(tx, now, name, said.reason, 1);
      else if (said.verdict === "approve") await approveByMachine(tx, now, name, said.reason);
      else await timeout(tx, now);
    });
    announce(a.environmentId, "approvals");
  }
}

/** The validator was all that was asked: people stand behind it for its no. Where a rule asks for people too, they are asked. */
async function approveByMachine(
  tx: Parameters<typeof store.settle>[0],
  a: store.ApprovalRow,
  by: string,
  reason: string,
): Promise<void> {
  const rules = (a.question as { rules?: { rule: string }[] }).rules ?? [];
  const onlyMachines = rules.every((r) => r.rule.startsWith("validators["));
  const more = a.ladder.slice(a.stage + 1).some((s) => s.machine);
  if (onlyMachines && !more) await store.settle(tx, a.environmentId, a.approvalId, { status: "approved", by, reason });
  else await advance(tx, a, by, reason, 1);
}
