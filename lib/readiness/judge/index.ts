import { wrongAnswer } from "./answers";
import { hardCaps } from "./caps";
import { contextDegrades } from "./context";
import { entries } from "./entries";
import type { Facts } from "./facts";
import type { Judged } from "./part";
import { proofs } from "./proofs";
import { schemaChange } from "./schemas";
import { credentials, scope } from "./scope";
import { targets } from "./targets";

export type { Facts, Held } from "./facts";
export type { Judged } from "./part";

const QUESTIONS = [contextDegrades, wrongAnswer, schemaChange, hardCaps, credentials, scope];

/** The whole gate from facts alone. Pure: nothing here can be set by hand. */
export const judge = (f: Facts): Judged[] => [
  ...entries(f),
  ...QUESTIONS.map((question) => question(f)),
  ...proofs(f),
  ...targets(f),
];
