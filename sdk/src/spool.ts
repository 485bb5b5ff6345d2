import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Letter = { id: string; path: string; body: unknown };
const ENDING = ".letter.json";

/** Letters on disk, each a file that is there whole or not at all. Several processes may share the folder. */
export class Spool {
  #usable = false;
  constructor(readonly folder: string | null) {
    if (folder === null) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#usable = true;
    } catch {
      // A read-only disk: letters stay in memory, as with `spoolDir: null`.
    }
  }

  put(letter: Letter): void {
    if (!this.#usable || this.folder === null) return;
    const file = this.#file(letter.id);
    try {
      writeFileSync(`${file}.new`, JSON.stringify(letter), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      this.#usable = false;
    }
  }

  drop(id: string): void {
    if (this.folder !== null) rmSync(this.#file(id), { force: true });
  }

  /** What an earlier process left, oldest first. */
  left(): Letter[] {
    if (!this.#usable || this.folder === null) return [];
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(ENDING))
      .sort()
      .flatMap((name) => this.#read(name));
  }

  #read(name: string): Letter[] {
    try {
      const letter = JSON.parse(readFileSync(join(this.folder ?? "", name), "utf8")) as Letter;
      return typeof letter.path === "string" && letter.id + ENDING === name ? [letter] : [];
    } catch {
      return [];
    }
  }
  #file = (id: string): string => join(this.folder ?? "", id + ENDING);
}
