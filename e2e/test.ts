import { test as base, expect, type Page } from "@playwright/test";
import AxeBuilder from "axe-core";
import { ADMIN, KEY } from "./server";

type Json = Record<string, unknown>;
type Agent = { get: (at: string) => Promise<Json>; post: (at: string, body?: Json) => Promise<Json> };

export const origin = (): string => process.env.INTERLOCK_E2E_ORIGIN ?? "";
export const HOME = "/production";

/** The API as an agent or a script calls it. */
export const api: Agent = {
  get: (at) => call("GET", at),
  post: (at, body = {}) => call("POST", at, body),
};
/** The whole of a thing, under its name. */
export const put = (at: string, body: Json): Promise<Json> => call("PUT", at, body);

async function call(method: string, at: string, body?: Json): Promise<Json> {
  const answer = await fetch(`${origin()}/api/v1${at}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (answer.status >= 400) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? {} : ((await answer.json()) as Json);
}

let n = 0;
export const openRun = (more: Json = {}): Promise<Json> =>
  api.post("/runs", {
    request_id: `e2e-${process.pid}-${n++}`,
    agent_id: "triage-bot",
    task_type: "ticket-triage",
    ...more,
  });

export async function signIn(page: Page, who: { email: string; password: string } = ADMIN): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/overview/);
}

/** Violations of WCAG 2.2 AA on the page as it stands, each with where. */
export async function axe(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: AxeBuilder.source });
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations } = await run.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
}

/** A page that is signed in; what it writes to its console as an error fails the test. */
/** What a page streams in stands in it twice, once hidden, until it is put into its place: whoever looks at it waits for that. */
function seesOnce(page: Page): void {
  const { goto, reload } = page;
  const placed = () => page.waitForFunction(() => !document.querySelector("div[hidden][id^='S:']"));
  page.goto = async (...args) => {
    const answer = await goto.apply(page, args);
    await placed();
    return answer;
  };
  page.reload = async (...args) => {
    const answer = await reload.apply(page, args);
    await placed();
    return answer;
  };
}

export const test = base.extend<{ console: Page; refusals: RegExp | null }>({
  /** Addresses whose refusal is part of the journey. */
  refusals: [null, { option: true }],
  console: async ({ page, refusals }, use) => {
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on("response", (answer) => {
      if (answer.status() >= 400) errors.push(`${answer.status()} ${answer.url()}`);
    });
    page.on("pageerror", (err) => errors.push(err.message));
    seesOnce(page);
    await signIn(page);
    await use(page);
    expect(errors.filter((error) => !refusals?.test(error))).toEqual([]);
  },
});
export { expect };
