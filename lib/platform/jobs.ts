import { countYoungTables } from "./db/young";
import { reader } from "./verb";

/** What keeps the database quick. */
export const tendStatistics = (): Promise<string[]> => countYoungTables(reader().sql);
