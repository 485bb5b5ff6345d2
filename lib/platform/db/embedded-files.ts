import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** npm may skip install scripts, and with them the links between the names of Postgres's libraries. */
export function hydrateLibraries(root: string): void {
  const list = path.join(root, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = path.join(path.dirname(root), source);
    const to = path.join(path.dirname(root), target);
    const [link, file] = existsSync(from) ? [to, from] : [from, to];
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), file), link);
  }
}
