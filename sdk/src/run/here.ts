import { AsyncLocalStorage } from "node:async_hooks";

/** The run to which the code under way belongs. */
export const here = new AsyncLocalStorage<object>();
