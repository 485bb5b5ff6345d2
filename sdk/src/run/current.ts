import { AsyncLocalStorage } from "node:async_hooks";
import { InvalidRequest } from "../errors.js";
import type { Run } from "./index.js";

export const here = new AsyncLocalStorage<Run>();

/** The run that the code under way here belongs to. @throws InvalidRequest outside of `interlock.run` */
export function currentRun(): Run {
  const run = here.getStore();
  if (!run)
    throw new InvalidRequest("No run is under way here: call it inside of `interlock.run(…)`, or give it a run.", 0);
  return run;
}
