import { KEY } from "./server";
import { api, axe, expect, HOME, openRun, origin, test } from "./test";

const AGENT = "canary-echo";
type Control = { mode: string; revision: number };

/** An agent that polls: it works in one run after another, ends its run when it is told to stop, and goes on once it may. */
async function pollingAgent(instanceId: string) {
  const runs: { id: string; ended: boolean }[] = [];
  const begin = async () => {
    const { run_id } = await openRun({ agent_id: AGENT, instance_id: instanceId });
    runs.push({ id: String(run_id), ended: false });
  };
  await begin();
  const abort = new AbortController();
  let revision = 0;
  const poll = async (): Promise<Control | null> => {
    const who = `agent_id=${AGENT}&instance_id=${instanceId}&applied_revision=${revision}&wait_s=2`;
    const answer = await fetch(`${origin()}/api/v1/control?${who}`, {
      headers: { authorization: `Bearer ${KEY}`, "if-none-match": `"${revision}"` },
      signal: abort.signal,
    });
    return answer.status === 200 ? ((await answer.json()) as Control) : null;
  };
  const work = async () => {
    while (!abort.signal.aborted) {
      const now = await poll();
      if (!now) continue;
      revision = now.revision;
      await api.post("/control/ack", { instance_id: instanceId, applied_revision: revision, agent_id: AGENT });
      const current = runs.at(-1);
      if (now.mode === "stop" && current && !current.ended) {
        current.ended = true;
        await api.post(`/runs/${current.id}/finish`, { stop_reason: "kill_switch" });
      }
      if (now.mode === "run" && current?.ended) await begin();
    }
  };
  const working = work().catch((err: Error) => {
    if (err.name !== "AbortError") throw err;
  });
  return {
    runs,
    end: async () => {
      abort.abort();
      await working;
    },
  };
}

// The only proof that the handle works: an operator stops a canary for real, sees that it obeyed, and it goes on.
test("a drill stops a connected agent for real, is proven, and the agent goes on", async ({ console: page }) => {
  await page.goto(`${HOME}/controls`);
  const panel = page.locator("section").filter({ has: page.getByRole("heading", { name: "Drill", exact: true }) });
  await expect(panel.getByText("never", { exact: true })).toBeVisible();

  const agent = await pollingAgent("canary-echo-1");
  try {
    await panel.getByRole("button", { name: "Run a drill…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Agent" }).click();
    await page.getByRole("option", { name: AGENT }).click();
    await expect(dialog.getByText(/Its 1 running run, and those they began, end with kill_switch/)).toBeVisible();
    await dialog.getByRole("button", { name: `Stop ${AGENT} now` }).click();
    await expect(dialog.getByText("Say in a few words why")).toBeVisible();
    await dialog.getByLabel("Why").fill("The weekly drill");
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("button", { name: `Stop ${AGENT} now` }).click();
    await expect(dialog).toBeHidden();

    await expect(panel.getByText(/confirmed within/)).toBeVisible({ timeout: 20_000 });
    await expect(panel.getByRole("img", { name: "The newest: 1 drill, 0 failed" })).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await expect.poll(() => agent.runs.length, { timeout: 15_000 }).toBe(2);
    const stopped = (await api.get(`/runs/${agent.runs[0]?.id}`)) as { status: string; stop_reason: string };
    expect([stopped.status, stopped.stop_reason]).toEqual(["stopped", "kill_switch"]);
    expect((await api.get("/switches?active=true")).items).toEqual([]);

    await panel.getByRole("link", { name: "All drills" }).click();
    const table = page.getByRole("table", { name: "Drills" });
    await expect(table.getByRole("row", { name: /proven.*canary-echo/ })).toContainText("1 of 1 instance, 1 of 1 run");
    await table.getByRole("link", { name: AGENT }).click();
    await expect(page.getByText("“Drill: The weekly drill”")).toBeVisible();
    await expect(page.getByText("drill over")).toBeVisible();
  } finally {
    await agent.end();
  }
});
