import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { Failure } from "../platform/errors";
import { reader } from "../platform/verb";
import { mountDownloads } from "./downloads";
import { type App, mount, traceIdOf } from "./endpoint";
import type { Ingest } from "./ingest";
import { registry } from "./metrics";
import { openapi } from "./openapi";
import { problemHeaders, problemOf } from "./problem";
import { alertRoutes } from "./routes/alerts";
import { approvalRoutes } from "./routes/approvals";
import { auditRoutes } from "./routes/audit";
import { budgetRoutes } from "./routes/budgets";
import { configRoutes } from "./routes/config";
import { controlRoutes } from "./routes/control";
import { decisionRoutes } from "./routes/decisions";
import { drillRoutes } from "./routes/drills";
import { evaluationRoutes } from "./routes/evaluations";
import { evaluatorRoutes } from "./routes/evaluators";
import { eventRoutes } from "./routes/events";
import { failureRoutes } from "./routes/failures";
import { fleetRoutes } from "./routes/fleet";
import { incidentRoutes } from "./routes/incidents";
import { notificationRoutes } from "./routes/notifications";
import { policyRoutes } from "./routes/policies";
import { readinessRoutes } from "./routes/readiness";
import { ruleRoutes } from "./routes/rules";
import { runRoutes } from "./routes/runs";
import { mountOtlp, spanRoutes } from "./routes/spans";
import { switchRoutes } from "./routes/switches";
import { tenancyRoutes } from "./routes/tenancy";

/** `downloads`: the folder of what agents install from here. */
export type Parts = { ingest: Ingest; version: string; listening: () => boolean; downloads?: string };

/** The one API. Everything that is not a verb's own business happens here once. */
export function createApp({ ingest, version, listening, downloads }: Parts): App {
  const app = new Hono<{ Bindings: HttpBindings }>({ strict: true });
  const endpoints = [
    ...controlRoutes,
    ...switchRoutes,
    ...drillRoutes,
    ...runRoutes,
    ...spanRoutes(ingest),
    ...policyRoutes,
    ...decisionRoutes,
    ...approvalRoutes,
    ...budgetRoutes,
    ...ruleRoutes,
    ...alertRoutes,
    ...evaluatorRoutes,
    ...incidentRoutes,
    ...notificationRoutes,
    ...failureRoutes,
    ...evaluationRoutes,
    ...readinessRoutes,
    ...configRoutes,
    ...fleetRoutes,
    ...tenancyRoutes,
    ...auditRoutes,
    ...eventRoutes,
  ];
  for (const endpoint of endpoints) mount(app, endpoint);
  mountOtlp(app, ingest);

  let document: string | undefined;
  app.get("/api/v1/openapi.json", () => {
    document ??= JSON.stringify(openapi(endpoints, version));
    return new Response(document, { headers: { "content-type": "application/json" } });
  });
  if (downloads) mountDownloads(app, downloads);
  app.get("/api/health", () => Response.json({ status: "ok", version }));
  app.get("/api/ready", async () => {
    const started = performance.now();
    const database = await reader()
      .sql.query("select 1 from installation")
      .then(
        () => true,
        () => false,
      );
    const ready = database && listening();
    const body = {
      status: ready ? "ready" : "not ready",
      database,
      listening: listening(),
      ms: Math.round(performance.now() - started),
    };
    return Response.json(body, { status: ready ? 200 : 503, headers: ready ? {} : { "retry-after": "1" } });
  });
  app.get(
    "/metrics",
    async () => new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } }),
  );
  app.notFound((call) => {
    const traceId = traceIdOf(call);
    const failure = new Failure("not_found", `There is nothing at ${call.req.method} ${call.req.path}.`);
    return new Response(JSON.stringify(problemOf(failure, traceId)), { status: 404, headers: problemHeaders(failure) });
  });
  return app;
}
