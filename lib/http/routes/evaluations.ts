import { parse as parseYaml } from "yaml";
import {
  checklistOf,
  compareCanary,
  compoundSuccess,
  deleteCanary,
  deleteChecklist,
  getCanary,
  listCanaries,
  listChecklists,
  listCheckpoints,
  listEvaluations,
  listMeasured,
  postChaosResults,
  postEvaluation,
  postEvaluations,
  postProbe,
  putCanary,
  putChecklist,
  saveCheckpoint,
  scoreCard,
  summarise,
  verifyCheckpoint,
} from "../../evaluations";
import * as shapes from "../../evaluations/schema";
import type { Ctx } from "../../platform/ctx";
import { Failure } from "../../platform/errors";
import { readBody } from "../body";
import { type Call, type Endpoint, Reply, verb } from "../endpoint";
import { formatOf } from "./policies";

const tag = "evaluations";
const MAX = 4 * 1024 * 1024;
const scores = ["evaluations"] as const;
const people = ["evaluations", "readiness", "audit"] as const;

/** @throws Failure `bad_request` | `unsupported_media_type` */
async function written(call: Call): Promise<unknown> {
  const format = formatOf(call);
  const text = (await readBody(call.env.incoming, MAX)).toString("utf8");
  try {
    return format === "json" ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 20 });
  } catch (err) {
    throw new Failure("bad_request", `Not ${format === "json" ? "JSON" : "YAML"}: ${(err as Error).message}`);
  }
}
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const mustBe = (what: string) =>
  new Failure("invalid_input", `The body must be ${what}.`, { errors: [{ path: "", message: `Must be ${what}.` }] });

/** One, an array, or `{evaluations: […]}`; paths of an array begin as the array does. */
async function evaluate(ctx: Ctx, _: unknown, call: Call) {
  const body = await written(call);
  if (isObject(body))
    return Reply.json(201, await ("evaluations" in body ? postEvaluations : postEvaluation)(ctx, body as never));
  if (!Array.isArray(body)) throw mustBe("an evaluation, or an array of them");
  const done = await postEvaluations(ctx, { evaluations: body as never }).catch((err: unknown) => {
    if (err instanceof Failure) for (const e of err.errors ?? []) e.path = e.path.replace(/^evaluations/, "");
    throw err;
  });
  return Reply.json(201, done);
}

/** Its mismatch stands in the database before the refusal goes out. */
async function verify(ctx: Ctx, raw: Record<string, unknown>) {
  const { match, run_id, step } = await verifyCheckpoint(ctx, raw as never);
  if (match) return { match: true };
  const message = "The state is not what this checkpoint saved: do not resume from it.";
  throw new Failure("checkpoint_mismatch", message, { extra: { match: false, run_id, step } });
}

/** 201 where it was made by this call. */
const made = async (doing: Promise<{ created: boolean }>) => {
  const { created, ...rest } = await doing;
  return created ? Reply.json(201, rest) : rest;
};

/** JSON or YAML; the keys of a canary may stand under `canary:`. */
async function putOne(ctx: Ctx, raw: Record<string, unknown>, call: Call) {
  const body = await written(call);
  if (!isObject(body)) throw mustBe("an object");
  const { canary, ...rest } = body;
  return made(
    putCanary(ctx, {
      ...rest,
      ...(isObject(canary) ? canary : canary === undefined ? {} : { canary }),
      ...raw,
    } as never),
  );
}

export const evaluationRoutes: Endpoint[] = [
  {
    method: "post",
    path: "/evaluations",
    tag,
    summary: "What an evaluator found: one; or an array, or {evaluations: […]}, of up to 500, all or nothing",
    input: shapes.evaluationInput,
    output: shapes.evaluationShape.or(shapes.batchShape),
    status: 201,
    raw: true,
    tells: scores,
    run: evaluate,
  },
  verb(listEvaluations, {
    method: "get",
    path: "/evaluations",
    tag,
    summary: "Scores, newest first",
    output: shapes.evaluationsShape,
  }),
  verb(summarise, {
    method: "get",
    path: "/evaluations/summary",
    tag,
    summary: "Scores per agent, version and name, and day by day",
    output: shapes.summaryShape,
  }),
  verb(listMeasured, {
    method: "get",
    path: "/evaluations/agents",
    tag,
    summary: "Agents of which anything was measured",
    output: shapes.measuredShape,
  }),
  verb(saveCheckpoint, {
    method: "post",
    path: "/checkpoints",
    tag,
    summary: "The state of a run at a step, by its hash",
    output: shapes.checkpointShape,
    status: 201,
    tells: scores,
  }),
  verb(listCheckpoints, {
    method: "get",
    path: "/checkpoints",
    tag,
    summary: "Checkpoints of a run, newest first",
    output: shapes.checkpointsShape,
  }),
  {
    ...verb(verifyCheckpoint, {
      method: "post",
      path: "/checkpoints/{checkpoint_id}/verify",
      tag,
      summary: "Is this the state that was saved? 409 checkpoint_mismatch where it is not",
      output: shapes.matchShape,
      tells: scores,
    }),
    run: verify,
  },
  verb(listCanaries, {
    method: "get",
    path: "/canaries",
    tag,
    summary: "Canaries, those under way first",
    output: shapes.canariesShape,
  }),
  verb(getCanary, { method: "get", path: "/canaries/{slug}", tag, summary: "One canary", output: shapes.canaryShape }),
  {
    ...verb(putCanary, {
      method: "put",
      path: "/canaries/{slug}",
      tag,
      summary: "Write a canary, as JSON or YAML",
      output: shapes.canaryShape,
      tells: people,
    }),
    raw: true,
    run: putOne,
  },
  verb(deleteCanary, { method: "delete", path: "/canaries/{slug}", tag, summary: "Delete a canary", tells: people }),
  verb(compareCanary, {
    method: "get",
    path: "/canaries/{slug}/compare",
    tag,
    summary: "Both versions side by side since it began",
    output: shapes.compareShape,
  }),
  verb(postProbe, {
    method: "post",
    path: "/probes",
    tag,
    summary: "What a probe showed",
    output: shapes.resultShape,
    status: 201,
    tells: ["evaluations", "readiness"],
  }),
  verb(checklistOf, {
    method: "get",
    path: "/probes/checklist",
    tag,
    summary: "What a version has to show before its full roll-out, and what it showed",
    output: shapes.checklistShape,
  }),
  verb(listChecklists, {
    method: "get",
    path: "/release-checklists",
    tag,
    summary: "Probes per runbook",
    output: shapes.releaseChecklistsShape,
  }),
  {
    ...verb(putChecklist, {
      method: "put",
      path: "/release-checklists/{runbook}",
      tag,
      summary: "Write the probes of a runbook",
      output: shapes.releaseChecklistShape,
      tells: people,
    }),
    run: (ctx, raw) => made(putChecklist(ctx, raw as never)),
  },
  verb(deleteChecklist, {
    method: "delete",
    path: "/release-checklists/{runbook}",
    tag,
    summary: "Delete the probes of a runbook",
    tells: people,
  }),
  verb(postChaosResults, {
    method: "post",
    path: "/chaos-results",
    tag,
    summary: "What golden tasks ended with",
    output: shapes.chaosEnteredShape,
    status: 201,
    tells: ["evaluations", "readiness"],
  }),
  verb(scoreCard, {
    method: "get",
    path: "/chaos-results",
    tag,
    summary: "Golden tasks of an agent by its versions",
    output: shapes.scoreCardShape,
  }),
  verb(compoundSuccess, {
    method: "get",
    path: "/agents/{agent_id}/compound",
    tag: "fleet",
    summary: "The chance that a whole run succeeds, and the step that costs most",
    output: shapes.compoundShape,
  }),
];
