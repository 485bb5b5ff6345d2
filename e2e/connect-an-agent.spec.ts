import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import ts from "typescript";
import { expect, HOME, origin, test } from "./test";

const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-newcomer-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (command: string, args: string[]) => {
  const done = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HOME: folder },
    timeout: 60_000,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
};

// What a newcomer does: makes a key, installs from this very server, pastes, runs; and is denied what nobody has allowed.
test("the snippets work as they are pasted, installed from the server itself", async ({ console: page }) => {
  await page.goto(`${HOME}/connect`);
  await page.getByRole("button", { name: "Make a key" }).click();
  await expect(page.getByText(/shown once:/)).toBeVisible();

  const pasted = async (tab: string) => {
    await page
      .getByRole("tab", { name: tab })
      .or(page.getByRole("button", { name: tab, exact: true }))
      .first()
      .click();
    return (await page.getByRole("region", { name: `${tab} snippet` }).textContent()) ?? "";
  };
  const code = await pasted("TypeScript");
  const install = /npm install (\S+)/.exec(code)?.[1] ?? "";
  expect(install).toBe(`${origin()}/api/agent.tgz`);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "newcomer", private: true, type: "module" }));
  expect(run("npm", ["install", "--no-audit", "--no-fund", install])).toMatchObject({ code: 0 });
  writeFileSync(
    path.join(folder, "agent.js"),
    ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } })
      .outputText,
  );
  const agent = run(process.execPath, ["agent.js"]);
  expect([agent.code, agent.err]).toEqual([0, ""]);
  expect(agent.out).toMatch(/^tool_denied|^success/);

  const python = await pasted("Python");
  expect(python).toContain(`${origin()}/api/interlock.py`);
  if (run("python3", ["--version"]).code === 0) {
    writeFileSync(path.join(folder, "interlock.py"), await (await fetch(`${origin()}/api/interlock.py`)).text());
    writeFileSync(path.join(folder, "agent.py"), python);
    const said = run("python3", ["agent.py"]);
    expect(said.out + said.err).toMatch(/About vpn|Refused/);
  }
  await page.goto(`${HOME}/runs?agent=my-agent`);
  await expect(page.getByText("my-agent").first()).toBeVisible();
});
