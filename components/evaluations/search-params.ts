import { createLoader, parseAsNumberLiteral, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const EVALUATION_VIEWS = ["agent", "agents", "evaluators", "checklists"] as const;
export type EvaluationView = (typeof EVALUATION_VIEWS)[number];
export const DAYS = [7, 30, 90] as const;
export const TASK_VIEWS = ["all", "unexpected"] as const;

export const evaluationParams = {
  view: parseAsStringLiteral(EVALUATION_VIEWS).withDefault("agent"),
  agent: parseAsString,
  /** By its slug; without it the one under way, or the newest. */
  canary: parseAsString,
  days: parseAsNumberLiteral(DAYS).withDefault(30),
  tasks: parseAsStringLiteral(TASK_VIEWS).withDefault("all"),
};
export const loadEvaluations = createLoader(evaluationParams);
