import { InvalidRequest } from "../errors.js";
import { here } from "./here.js";
import { Run } from "./index.js";

/** The run that the code under way here belongs to. @throws InvalidRequest outside of `interlock.run` */
export function currentRun(): Run {
  const run = here.getStore();
  if (run instanceof Run) return run;
  throw new InvalidRequest("No run is under way here: call it inside of `interlock.run(…)`, or give it a run.", 0);
}
