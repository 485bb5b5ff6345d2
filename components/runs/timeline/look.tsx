import {
  IconBrain,
  IconDatabaseSearch,
  IconMessage,
  IconPoint,
  IconRobot,
  IconRuler,
  IconShieldCheck,
  IconStairs,
  IconTool,
  IconUserCheck,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import type { SpanShape } from "@/lib/runs/schema";
import { compact, duration } from "../../kit/numbers";
import { isWaiting, type Node } from "./model";

type Icon = ComponentType<{ size?: number; stroke?: number; className?: string }>;
const ICONS: Record<SpanShape["kind"], Icon> = {
  agent: IconRobot,
  step: IconStairs,
  model: IconBrain,
  tool: IconTool,
  message: IconMessage,
  decision: IconShieldCheck,
  retriever: IconDatabaseSearch,
  evaluator: IconRuler,
  other: IconPoint,
};

export type Color = "model" | "tool" | "loop" | "error" | "wait" | "done" | "other";

export function iconOf(span: SpanShape): Icon {
  return isWaiting(span) ? IconUserCheck : ICONS[span.kind];
}

export function colorOf(span: SpanShape, hot: boolean): Color {
  if (span.status === "error") return "error";
  if (isWaiting(span)) return "wait";
  switch (span.kind) {
    case "model":
      return "model";
    case "tool":
    case "retriever":
      return hot ? "loop" : "tool";
    case "decision":
      return "done";
    default:
      return "other";
  }
}

/** The name of a contract is mono: tools; the rest reads as words. */
export const isContract = (span: SpanShape): boolean => span.kind === "tool" || span.kind === "retriever";
export const titleOf = (span: SpanShape): string =>
  span.kind === "model" ? (span.model ?? span.name) : span.kind === "tool" ? (span.tool ?? span.name) : span.name;

export function turnWords(node: Node): string {
  if (!node.turns) return "";
  const [from, to] = node.turns;
  return from === to ? `Turn ${from}` : `Turns ${from} to ${to}`;
}

/** The calls of a repeat, once: "search.read". */
export function callsOf(node: Node): string {
  const names = (node.signature ?? node.children[0]?.signature ?? "")
    .split("\n")
    .map((call) => call.split(" ")[0] ?? "");
  return [...new Set(names)].join(", ");
}

/** The context of a turn is said once: by the turn, where there is one. */
export function metaOf(node: Node, parent: string | null): ReactNode {
  if (parent?.startsWith("turn-")) return null;
  const tokens = (node.span ?? node.children[0]?.span)?.tokens;
  if (node.kind !== "repeat" && tokens && tokens.input > 0) return `${compact(tokens.input)} in`;
  return null;
}

/** What stands beside the bar. */
export function besideOf(node: Node): string {
  const took = duration((node.end - node.start) / 1000);
  const { span } = node;
  if (!span) return took;
  const parts = [span.duration_ms === null ? "no end" : span.duration_ms === 0 ? "" : took];
  if (isWaiting(span) && span.duration_ms) parts[0] = `waited ${took}`;
  if (span.status === "error") {
    if (span.error?.type) parts.push(span.error.type);
    if (span.error?.message) parts.push(span.error.message.slice(0, 120));
    if (!span.error) parts.push("error");
  }
  return parts.filter(Boolean).join(", ");
}
