import type { Run } from "../index.js";
import type { McpOptions } from "./tools.js";
import type { Allowed } from "./view.js";

export type SessionOptions = Omit<McpOptions, "run"> & {
  /** The run of a call; asked for at each. @throws InterlockError where there is none: then nothing is done */
  run: () => Run | Promise<Run>;
  /** What policy allows, where the key may read it. */
  policy?: () => Promise<Allowed | null>;
  /** A session outlives an outage and a budget that is met. @default false */
  outlives?: boolean;
};
