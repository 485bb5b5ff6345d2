import { z } from "zod";
import {
  backtest,
  deleteRule,
  getRule,
  listCatalogue,
  listMetrics,
  listRules,
  putRule,
  readSentence,
} from "../../detectors";
import { backtestShape, catalogueShape, metricShape, ruleShape } from "../../detectors/schema";
import { listOf } from "../../platform/page";
import { type Endpoint, verb } from "../endpoint";

const tag = "rules";
const tells = ["failures", "alerts", "audit"] as const;

export const ruleRoutes: Endpoint[] = [
  verb(listCatalogue, {
    method: "get",
    path: "/catalogue",
    tag,
    summary: "The failure categories that ship",
    output: catalogueShape,
  }),
  verb(listMetrics, {
    method: "get",
    path: "/rules/metrics",
    tag,
    summary: "What rules can be about, each with its definition",
    output: listOf(metricShape),
  }),
  verb(listRules, {
    method: "get",
    path: "/rules",
    tag,
    summary: "Rules that judge, the catalogue's and those written here",
    output: listOf(ruleShape),
  }),
  verb(readSentence, {
    method: "post",
    path: "/rules/sentence",
    tag,
    summary: "How a sentence is understood",
    output: z.union([
      z.object({ ok: z.literal(true) }).loose(),
      z.object({ ok: z.literal(false), message: z.string(), at: z.string() }),
    ]),
  }),
  verb(getRule, { method: "get", path: "/rules/{slug}", tag, summary: "One rule", output: ruleShape }),
  verb(putRule, {
    method: "put",
    path: "/rules/{slug}",
    tag,
    summary: "Write a rule, by sentence or by its parts",
    output: ruleShape.extend({ audit_row: z.number() }),
    tells,
  }),
  verb(deleteRule, {
    method: "delete",
    path: "/rules/{slug}",
    tag,
    summary: "Delete a rule; the catalogue's comes back",
    tells,
  }),
  verb(backtest, {
    method: "post",
    path: "/rules/{slug}/backtest",
    tag,
    summary: "The rule over runs of the past",
    output: backtestShape,
  }),
];
