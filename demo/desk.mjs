// @ts-check
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * A piece of work: enough to do the same again. `whose` is the instance that it was for, counted from 0.
 * @typedef {{ requestId: string, whose: number, n: number, at: number, seed: number }} Errand
 */

/** What an instance is at, kept on disk in the place of a queue. After a crash the next of its colleagues goes on with it, as the same run. */
export class Desk {
  /** @param {string} folder @param {string} agent @param {number} instance @param {number} instances */
  constructor(folder, agent, instance, instances) {
    mkdirSync(folder, { recursive: true });
    const fileOf = (/** @type {number} */ i) => path.join(folder, `${agent}-${i + 1}.json`);
    this.file = fileOf(instance);
    this.instance = instance;
    this.n = 0;
    this.left = read(fileOf((instance + 1) % instances));
  }

  /** @returns {Errand} what was left lying, else the next of its own */
  take() {
    const { instance: whose, left } = this;
    this.left = null;
    const seed = Math.floor(Math.random() * 2 ** 32);
    const errand = left ?? { requestId: randomUUID(), whose, n: ++this.n, at: Date.now(), seed };
    writeFileSync(`${this.file}.new`, JSON.stringify(errand));
    renameSync(`${this.file}.new`, this.file);
    return errand;
  }

  done() {
    rmSync(this.file, { force: true });
  }
}

/** @param {string} file @returns {Errand | null} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
