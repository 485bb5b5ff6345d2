import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { packSdk } from "../../scripts/sdk.mjs";

const sdk = path.resolve(import.meta.dirname, "..");

export type Ran = { code: number | null; out: string; err: string };
/** A project of somebody who has installed the packed package, and the frameworks beside it. */
export type Consumer = {
  folder: string;
  /** Copies files of the checkout into it. */
  bring: (from: string, to?: string) => void;
  run: (command: string, args: string[], env?: Record<string, string>, forMs?: number) => Promise<Ran>;
  node: (args: string[], env?: Record<string, string>, forMs?: number) => Promise<Ran>;
};

export async function consumer(): Promise<Consumer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-consumer-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const tarball = await packSdk(folder);
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "@interlock", "agent"), { recursive: true });
  for (const name of readdirSync(path.join(sdk, "node_modules")))
    if (!name.startsWith(".") && name !== "@types")
      symlinkSync(path.join(sdk, "node_modules", name), path.join(modules, name));
  for (const name of ["vitest", "typescript", "@types"])
    symlinkSync(path.join(sdk, "..", "node_modules", name), path.join(modules, name));
  const unpacked = spawnSync("tar", [
    "xzf",
    tarball,
    "--strip-components=1",
    "-C",
    path.join(modules, "@interlock", "agent"),
  ]);
  if (unpacked.status !== 0) throw new Error(String(unpacked.stderr));
  const run: Consumer["run"] = (command, args, env = {}, forMs = 60_000) =>
    new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, NODE_ENV: "production", ...env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: forMs,
        killSignal: "SIGKILL",
      });
      let out = "";
      let err = "";
      child.stdout.on("data", (d: Buffer) => {
        out += d;
      });
      child.stderr.on("data", (d: Buffer) => {
        err += d;
      });
      child.once("close", (code) => resolve({ code, out, err }));
    });
  return {
    folder,
    bring: (from, to = path.basename(from)) =>
      cpSync(path.join(sdk, "..", from), path.join(folder, to), { recursive: true }),
    run,
    node: (args, env, forMs) => run(process.execPath, args, env, forMs),
  };
}
