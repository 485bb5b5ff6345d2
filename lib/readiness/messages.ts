import type { Message } from "../notifications";
import type { CheckShape } from "./schema";
import type { Turn } from "./store";

/** A version that was ready and is so no more, or is so again. */
export function turnMessage(environmentId: string, turn: Turn, open: readonly CheckShape[]): Message {
  const of = `${turn.agentId}${turn.version === "" ? "" : ` ${turn.version}`}`;
  const version = turn.version === "" ? "" : `?version=${encodeURIComponent(turn.version)}`;
  return {
    environmentId,
    topic: "readiness",
    severity: turn.ready ? "info" : "high",
    event: turn.ready ? "resolved" : "opened",
    dedupeKey: `readiness:${turn.agentId}:${turn.version}`,
    title: turn.ready ? `${of} is ready again` : `${of} is no longer ready`,
    text: turn.ready
      ? "Every condition of its launch gate is met or waived."
      : open
          .slice(0, 5)
          .map((c) => `${c.title}: ${c.detail}`)
          .join("\n"),
    path: `/readiness/${encodeURIComponent(turn.agentId)}${version}`,
    agentId: turn.agentId,
    facts: [
      { label: "Version", value: turn.version || "–" },
      { label: "Open", value: String(open.length) },
    ],
  };
}
