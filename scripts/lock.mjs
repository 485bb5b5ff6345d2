import { linkSync, mkdirSync, readFileSync, renameSync, rmdirSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

/** When a process began, as the kernel says it: a number is reused, number and start together are not. */
function startedAt(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** @returns {{ pid: number, started: string } | null} the live owner, or null where the lock is free or stale */
export function ownerOf(/** @type {string} */ file) {
  try {
    const owner = JSON.parse(readFileSync(file, "utf8"));
    process.kill(owner.pid, 0);
    return owner.started === startedAt(owner.pid) ? owner : null;
  } catch (err) {
    const code = /** @type {NodeJS.ErrnoException} */ (err).code;
    if (code === "EPERM") return JSON.parse(readFileSync(file, "utf8"));
    return null;
  }
}

/**
 * Takes a lock file for this process; a lock whose owner died is taken over.
 * @param {string} file
 * @returns {{ release: () => void } | null} null: somebody alive holds it
 */
export function takeLock(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startedAt(process.pid) }));
  try {
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        linkSync(mine, file);
        return { release: () => unlinkSync(file) };
      } catch (err) {
        if (/** @type {NodeJS.ErrnoException} */ (err).code !== "EEXIST") throw err;
      }
      if (ownerOf(file)) return null;
      removeStale(file);
    }
    return null;
  } finally {
    unlinkSync(mine);
  }
}

/** Only one process at a time may clear a stale lock, else the second would clear the first one's new lock. */
function removeStale(/** @type {string} */ file) {
  const gate = `${file}.clearing`;
  try {
    mkdirSync(gate);
  } catch {
    const age = Date.now() - (statSync(gate, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) rmdirSync(gate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    return;
  }
  try {
    if (!ownerOf(file)) renameSync(file, `${file}.stale`);
  } catch (err) {
    if (/** @type {NodeJS.ErrnoException} */ (err).code !== "ENOENT") throw err;
  } finally {
    rmdirSync(gate);
  }
}
