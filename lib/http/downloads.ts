import { readFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../platform/errors";
import type { App } from "./endpoint";

const TYPES = { "agent.tgz": "application/gzip", "interlock.py": "text/x-python; charset=utf-8" } as const;

/** The agents' side, from the server that they will ask: `npm install <address>/api/agent.tgz`. Public, as the source is. */
export function mountDownloads(app: App, folder: string): void {
  for (const [name, type] of Object.entries(TYPES))
    app.get(`/api/${name}`, async () => {
      const body = await readFile(path.join(folder, name)).catch(() => null);
      if (body === null)
        throw new Failure("not_found", "This server was started without a build; `npm start` makes one.");
      return new Response(new Uint8Array(body), { headers: { "content-type": type, "cache-control": "no-cache" } });
    });
}
