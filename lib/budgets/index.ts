export { type Cap, capOf, full, runCaps, soft, tell } from "./caps";
export { enterSafeModes, keepPromises, tellLimits } from "./jobs";
export {
  add,
  type Budget,
  counted,
  keyFor,
  noSpend,
  type SoftThen,
  type Spend,
  SUM_OF,
  type Sum,
  type Who,
  windowEnd,
  windowStart,
} from "./limits";
export { deleteBudget, putBudget, writeBudget } from "./put";
export { getBudget, listBudgets } from "./reads";
export type { Window } from "./schema";
export { plainShape } from "./shape";
export { budgetsOf } from "./store";
