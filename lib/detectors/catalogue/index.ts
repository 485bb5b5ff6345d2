import type { Category } from "../schema";
import { AGENTS_TOGETHER } from "./agents_together";
import { ANSWERS } from "./answers";
import { CONTEXT_AND_MEMORY } from "./context_and_memory";
import { EFFECTS } from "./effects";
import { GOAL_AND_SECURITY } from "./goal_and_security";
import { LOOPS_AND_COST } from "./loops_and_cost";
import { SINGLE_CALL } from "./single_call";
import { TOOLS } from "./tools";
import { WATCHING } from "./watching";

/** The failure categories that ship, in the order of GROUPS. */
export const CATEGORIES: readonly Category[] = [
  ...LOOPS_AND_COST,
  ...CONTEXT_AND_MEMORY,
  ...TOOLS,
  ...EFFECTS,
  ...AGENTS_TOGETHER,
  ...GOAL_AND_SECURITY,
  ...ANSWERS,
  ...WATCHING,
  ...SINGLE_CALL,
];
