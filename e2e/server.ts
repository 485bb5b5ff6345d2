import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export const KEY = `ilk_${"e".repeat(40)}`;
export const ADMIN = { email: "rita@example.com", password: "correct horse battery" };

export type Started = { origin: string; said: () => string; stop: () => Promise<void> };

/** `npm start`, as a newcomer does it, on a data folder of its own. */
export async function start(env: Record<string, string>): Promise<Started> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-e2e-"));
  const child: ChildProcess = spawn(process.execPath, ["scripts/start.mjs"], {
    env: { ...process.env, INTERLOCK_DATA_DIR: folder, DATABASE_URL: "", LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const out of [child.stdout, child.stderr])
    out?.on("data", (data: Buffer) => {
      said += data.toString();
    });
  const origin = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const found = /is ready at (\S+)/.exec(said)?.[1];
      if (found) {
        clearInterval(look);
        resolve(found);
      }
    }, 100);
    child.once("exit", (code) => {
      clearInterval(look);
      reject(new Error(`Interlock ended with ${code}:\n${said}`));
    });
  });
  return {
    origin,
    said: () => said,
    stop: async () => {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export default async function setup(): Promise<() => Promise<void>> {
  const server = await start({
    PORT: "0",
    INTERLOCK_INIT_KEY: KEY,
    INTERLOCK_INIT_ADMIN_EMAIL: ADMIN.email,
    INTERLOCK_INIT_ADMIN_PASSWORD: ADMIN.password,
    INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true",
  });
  process.env.INTERLOCK_E2E_ORIGIN = server.origin;
  return server.stop;
}
