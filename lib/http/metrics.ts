import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: "interlock_" });

const requests = new Counter({
  name: "interlock_http_requests_total",
  help: "Answers by path and status.",
  labelNames: ["path", "status"],
  registers: [registry],
});
export const streamsOpen = new Gauge({
  name: "interlock_streams_open",
  help: "Control and event streams open now.",
  labelNames: ["kind"],
  registers: [registry],
});
export const pollsHeld = new Gauge({
  name: "interlock_polls_held",
  help: "Long polls held now.",
  registers: [registry],
});
export const spansTaken = new Counter({
  name: "interlock_spans_total",
  help: "Spans by what became of them.",
  labelNames: ["outcome"],
  registers: [registry],
});

export const counted = (path: string, status: number, times = 1): void => requests.inc({ path, status }, times);
