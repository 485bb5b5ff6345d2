import { type Facts, fill } from "../facts";
import type { SpanReader } from "../reader";
import { aiSdk } from "./ai-sdk";
import { claudeCode } from "./claude-code";
import { genAi } from "./gen-ai";
import { generic, interlock } from "./generic";
import { langfuse } from "./langfuse";
import { langsmith } from "./langsmith";
import { mastra } from "./mastra";
import { openInference } from "./openinference";
import { openLlmetry } from "./openllmetry";

/** The narrow before the broad: a span speaks several at once, and the first that says a thing is believed. */
const FRAMEWORKS = [claudeCode, mastra, aiSdk, openInference, openLlmetry, langfuse, langsmith, genAi];

/** Everything a span says of itself, and the name of the convention it says it in. */
export function readFacts(reader: SpanReader): { convention: string; facts: Facts } {
  const facts = interlock.read(reader);
  let convention = generic.name;
  for (const framework of FRAMEWORKS) {
    if (!framework.applies(reader)) continue;
    if (convention === generic.name) convention = framework.name;
    fill(facts, framework.read(reader));
  }
  return { convention, facts: fill(facts, generic.read(reader)) };
}
