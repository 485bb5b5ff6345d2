import { deleteEvaluator, getEvaluator, listEvaluators, putEvaluator } from "../../evaluations";
import { evaluatorShape } from "../../evaluations/schema";
import { listOf } from "../../platform/page";
import { type Endpoint, verb } from "../endpoint";

const tag = "evaluations";
const tells = ["evaluations", "audit"] as const;

export const evaluatorRoutes: Endpoint[] = [
  verb(listEvaluators, {
    method: "get",
    path: "/evaluators",
    tag,
    summary: "Who is asked what ended runs are worth",
    output: listOf(evaluatorShape),
  }),
  verb(getEvaluator, {
    method: "get",
    path: "/evaluators/{slug}",
    tag,
    summary: "One evaluator, and how it does",
    output: evaluatorShape,
  }),
  verb(putEvaluator, { method: "put", path: "/evaluators/{slug}", tag, summary: "Write an evaluator", tells }),
  verb(deleteEvaluator, { method: "delete", path: "/evaluators/{slug}", tag, summary: "Delete an evaluator", tells }),
];
