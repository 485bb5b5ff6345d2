import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";
import { ask, putPolicy } from "./gate";
import { ADMIN } from "./server";
import { api, axe, expect, HOME, openRun, put, test } from "./test";

const PICTURES = ".test-results/pages";
mkdirSync(PICTURES, { recursive: true });

let runId = "";
let switchId = "";
let askingRun = "";
let approvalId = "";
let alertId = "";
let incidentId = "";
test.beforeAll(async () => {
  const at = (s: number): string => new Date(Date.now() - 60_000 + s * 1_000).toISOString();
  const run = await openRun({
    tenant_id: "acme_corp",
    goal: "File one ticket for the login outage",
    instance_id: "triage-bot-9",
  });
  runId = String(run.run_id);
  const model = (n: number) => ({
    span_id: `m${n}`,
    kind: "model",
    name: "chat gpt-4o",
    model: "gpt-4o",
    tokens: { input: 2_000 + n * 900, output: 80 },
    status: "ok",
    started_at: at(n * 3),
    ended_at: at(n * 3 + 1),
  });
  const tool = (n: number) => ({
    span_id: `t${n}`,
    kind: "tool",
    name: "search.read",
    args: { q: "SUP-1" },
    result: [],
    status: n === 4 ? "error" : "ok",
    error: n === 4 ? { message: "HTTP 502" } : undefined,
    started_at: at(n * 3 + 1),
    ended_at: at(n * 3 + 2),
  });
  await api.post("/spans", { run_id: runId, spans: [0, 1, 2, 3, 4, 5].flatMap((n) => [model(n), tool(n)]) });
  await openRun().then((r) =>
    api.post(`/runs/${r.run_id}/finish`, { stop_reason: "tool_failed", error: { message: "jira answered 502" } }),
  );
  await openRun().then((r) => api.post(`/runs/${r.run_id}/finish`, { stop_reason: "success" }));
  const sw = await api.post("/switches", {
    scope: { kind: "agent", key: "triage-bot" },
    mode: "safe_mode",
    reason: "ticketing degraded",
  });
  switchId = String(sw.switch_id);
  await asking();
  await happened();
  await inventory();
  await measured();
  await put("/targets/shop", {
    name: "Shop",
    url: "https://shop.invalid/",
    expected_marker: { kind: "header", name: "x-environment", value: "production" },
    agent_ids: ["triage-bot"],
  });
});

/** Scores, a canary with probes, golden tasks: what the page of evaluations and the run's tab show. */
async function measured(): Promise<void> {
  const score = (name: string, value: number, more = {}) => ({
    run_id: runId,
    name,
    score: value,
    evaluator: "judge-2",
    ...more,
  });
  await api.post("/evaluations", {
    evaluations: [
      score("grounding", 0.62, { passed: false, notes: "Two of five claims have no source." }),
      score("relevance", 0.91, { passed: true }),
    ],
  });
  await api.post("/checkpoints", { run_id: runId, step: 3, state_hash: "sha256:9f86d081884c7d65", bytes: 5_120 });
  await put("/canaries/triage-2.0", {
    agent_id: "triage-bot",
    baseline_version: "1.0",
    canary_version: "2.0",
    percent_traffic: 5,
    probes: [{ name: "sanity-check", type: "end-to-end", max_latency_ms: 2_000 }],
  });
  await put("/evaluators/judge", { url: "https://judge.invalid/runs", agent_ids: ["nobody-*"], sample: 0.2 });
  await put("/release-checklists/roll-out", { probes: [{ name: "lookup", type: "read-only" }] });
  const probe = { canary: "triage-2.0", agent_id: "triage-bot", version: "2.0", name: "sanity-check", status: "ok" };
  for (const latency_ms of [800, 2_400]) await api.post("/probes", { ...probe, latency_ms });
  const task = (name: string, actual: string) => ({
    task: name,
    broken: "search.read never answers",
    expected_stop_reason: "tool_timeout",
    actual_stop_reason: actual,
    passed: actual === "tool_timeout",
  });
  const results = [task("tool_timeout", "tool_timeout"), task("slow_tool", "internal_error")];
  await api.post("/chaos-results", { agent_id: "triage-bot", version: "2.0", results });
}

/** An entry with its rules, one without, and one that was put off. */
async function inventory(): Promise<void> {
  await put("/failures/unwritten", { category: "memory_stale", runbook: null });
  await put("/failures/put-off", {
    category: "wrong_answer",
    owner: ADMIN.email,
    triage: { when: "after_first_incident", reason: "no customer sees its answers yet", review_at: "2099-01-15" },
  });
  const { items } = (await api.get("/failures?category=runaway_loop")) as { items: unknown[] };
  if (items.length === 0) await api.post("/failures/adopt", { category: "runaway_loop" });
}

/** The loop of the first run as an alert, and an incident of it with a write to look at. */
async function happened(): Promise<void> {
  type Alert = { alert_id: string; incident_id: string | null };
  let alert: Alert | undefined;
  const found = async () => {
    [alert] = ((await api.get(`/alerts?run_id=${runId}`)) as { items: Alert[] }).items;
    return alert?.alert_id;
  };
  await expect.poll(found).toBeDefined();
  alertId = String(alert?.alert_id);
  const title = "triage-bot waits for what it just wrote";
  const made = { title, severity: "high", alert_ids: [alertId], run_ids: [askingRun] };
  // Where these pages are looked at again, the alert that still stands open has its incident already.
  incidentId = alert?.incident_id ?? String((await api.post("/incidents", made)).incident_id);
}

/** A run of which everything has been asked: allowed, denied, done, unknown, waiting for a person. */
async function asking(): Promise<void> {
  await putPolicy("clerk", {
    description: "Reads, files tickets, and asks before it sends mail.",
    bindings: [{ agent_id: "clerk-bot" }],
    tools: {
      allow: ["search.read", "ticket.*", "mail.send"],
      deny: ["payment.*"],
      catalog: {
        "search.read": { effect: "read" },
        "mail.send": { effect: "irreversible" },
        "ticket.create": { effect: "write", compensation: "ticket.close" },
      },
    },
    budgets: { max_seconds: 3_600, max_usd: 2 },
    approvals: { ladder: [{ name: "support lead", roles: ["approver"], timeout_s: 3_600 }] },
  });
  await put("/budgets/clerk-calls-per-day", {
    scope: { kind: "agent", key: "clerk-bot" },
    metric: "tool_calls",
    window: "day",
    amount: 40,
    soft: { at: 0.5 },
  });
  const run = await openRun({ agent_id: "clerk-bot", tenant_id: "acme_corp", goal: "Tell ACME that it is solved" });
  askingRun = String(run.run_id);
  const told = async (tool: string, args: Record<string, unknown>, result: Record<string, unknown>) => {
    const word = await ask(askingRun, tool, args);
    await api.post(`/decisions/${word.decision_id}/result`, { latency_ms: 120, ...result });
  };
  await told("search.read", { q: "ACME" }, { status: "ok", http_status: 200, result: { hits: 2 } });
  await told("ticket.create", { title: "ACME" }, { status: "ok", result: {}, effect: { external_id: "SUP-4438" } });
  await ask(askingRun, "ticket.create", { title: "ACME" });
  await told("ticket.create", { title: "ACME again" }, { status: "timeout" });
  await ask(askingRun, "payment.send", { amount: 5 });
  const args = { to: "it@acme.example", body: "It is solved." };
  const word = await ask(askingRun, "mail.send", args, {
    intent: { reason: "ACME waits for an answer", resources: ["mail:it@acme.example"] },
  });
  approvalId = (word.approval as { id: string }).id;
}
test.afterAll(() => api.post(`/switches/${switchId}/release`, { reason: "over" }));

const pages = (): [string, string][] => [
  ["overview", "/overview"],
  ["runs", "/runs"],
  ["run", `/runs/${runId}`],
  ["run-turns", `/runs/${runId}?tab=turns`],
  ["run-decisions", `/runs/${askingRun}?tab=decisions`],
  ["run-effects", `/runs/${askingRun}?tab=effects`],
  ["run-evaluations", `/runs/${runId}?tab=evaluations`],
  ["run-raw", `/runs/${runId}?tab=raw`],
  ["approvals", "/approvals"],
  ["approvals-decided", "/approvals?view=decided"],
  ["approvals-grants", "/approvals?view=grants"],
  ["approval", `/approvals/${approvalId}`],
  ["alerts", "/alerts"],
  ["alert", `/alerts/${alertId}`],
  ["incidents", "/incidents"],
  ["incident", `/incidents/${incidentId}`],
  ["policies", "/policies"],
  ["policy", "/policies/clerk"],
  ["policy-diff", "/policies/clerk?tab=diff"],
  ["policy-dry-run", "/policies/clerk?tab=dry-run"],
  ["policy-versions", "/policies/clerk?tab=versions"],
  ["policy-effective", "/policies/effective?agent_id=clerk-bot"],
  ["budgets", "/budgets"],
  ["budget", "/budgets?budget=clerk-calls-per-day"],
  ["approvals", "/approvals"],
  ["grants", "/approvals?view=grants"],
  ["controls", "/controls"],
  ["switch", `/controls/${switchId}`],
  ["budgets", "/budgets"],
  ["failures", "/failures"],
  ["failures-coverage", "/failures?tab=coverage"],
  ["failures-catalogue", "/failures?tab=catalogue"],
  ["failure", "/failures/runaway_loop"],
  ["failure-unwritten", "/failures/unwritten"],
  ["agents", "/agents"],
  ["agent", "/agents/triage-bot"],
  ["evaluations", "/evaluations?agent=triage-bot"],
  ["evaluations-agents", "/evaluations?view=agents"],
  ["evaluations-evaluators", "/evaluations?view=evaluators"],
  ["evaluations-checklists", "/evaluations?view=checklists"],
  ["readiness", "/readiness"],
  ["readiness-targets", "/readiness?tab=targets"],
  ["readiness-agent", "/readiness/triage-bot"],
  ["audit", "/audit"],
  ["settings", "/settings"],
  ["settings-notifications", "/settings?tab=notifications"],
  ["connect", "/connect"],
];

const settled = (page: Page) => page.waitForFunction(() => !document.querySelector("[aria-busy='true']"));

for (const scheme of ["light", "dark"] as const)
  for (const width of [1440, 390]) {
    test(`every page without a violation of WCAG 2.2 AA, ${scheme}, ${width} wide`, async ({ console: page }) => {
      test.setTimeout(300_000);
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      for (const [name, path] of pages()) {
        await page.goto(HOME + path);
        await expect(page.getByRole("main")).toBeVisible();
        await settled(page);
        await page.screenshot({ path: `${PICTURES}/${name}-${scheme}-${width}.png`, fullPage: width === 390 });
        expect([name, await axe(page)]).toEqual([name, []]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect([name, overflow <= 0]).toEqual([name, true]);
      }
    });
  }

test("by keyboard: go to, open the first run, help, command menu", async ({ console: page }) => {
  await page.goto(`${HOME}/overview`);
  await page.locator("body").press("g");
  await page.locator("body").press("r");
  await expect(page).toHaveURL(/\/runs/);
  await expect(page.getByRole("table").first()).toBeVisible();
  await page.locator("body").press("j");
  await page.locator("body").press("Enter");
  await expect(page).toHaveURL(/\/runs\/.+/);
  await page.locator("body").press("g");
  await page.locator("body").press("k");
  await expect(page).toHaveURL(/\/controls/);
  await page.locator("body").press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("audit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/audit/);
});

test("a page hears of a new run by itself", async ({ console: page }) => {
  await page.goto(`${HOME}/runs`);
  await expect(page.getByText("Live").first()).toBeVisible();
  const run = await openRun({ agent_id: "newcomer-bot" });
  await expect(page.locator(`a[href$="/runs/${run.run_id}"]`).first()).toBeVisible({ timeout: 10_000 });
});

test("the chain is verified on the page", async ({ console: page }) => {
  await page.goto(`${HOME}/audit`);
  await page.getByRole("button", { name: /Verify/ }).click();
  await expect(page.getByText(/holds|intact|verified/i).first()).toBeVisible();
});
