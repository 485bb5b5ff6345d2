import type { Attributes } from "../spans/attributes.js";
import type { Span } from "../spans/recorder.js";
import type { ResultBody } from "../wire.js";
import type { Life } from "./life.js";
import type { Word } from "./tell.js";

/** What the parts of a run share; none of it is public. */
export type Inner = {
  readonly life: Life;
  stepNow: () => number;
  stageNow: () => string | undefined;
  span: (name: string, attributes: Attributes) => Span;
  /** What came of an allowed call. It arrives, now or later. */
  tell: (decisionId: string, body: ResultBody) => Promise<Word>;
};
