import type { SpanShape } from "@/lib/runs/schema";
import { costOf, REPEATS_FROM, type Turn } from "../timeline/model";

export type TurnRow = {
  id: string;
  turn: Turn;
  /** Input tokens more than the turn before; null for the first. */
  grew: number | null;
  jump: boolean;
  /** Which of the same calls in a row it is; 0: it stands alone. */
  nth: number;
  of: number;
  cost: number | null;
  seconds: number;
  /** A row that stands for several turns. */
  folded: { to: Turn; count: number; sameAnswer: boolean } | null;
};

const inputOf = (turn: Turn): number => turn.model.tokens?.input ?? 0;
const answersOf = (turn: Turn): string => turn.tools.map((tool) => tool.result_hash ?? tool.span_id).join();
const known = (span: SpanShape): boolean => span.cost_source !== "unpriced" && span.cost_usd !== null;

/** Half as much again, and by a thousand: more than what a conversation grows by itself. */
const jumped = (now: number, before: number): boolean => before > 0 && now >= before * 1.5 && now - before >= 1_000;

function one(turn: Turn, before: Turn | undefined, nth: number, of: number): TurnRow {
  return {
    id: turn.model.span_id,
    turn,
    grew: before ? inputOf(turn) - inputOf(before) : null,
    jump: before !== undefined && jumped(inputOf(turn), inputOf(before)),
    nth,
    of,
    cost: known(turn.model) ? (turn.model.cost_usd ?? 0) : null,
    seconds: (turn.end - turn.start) / 1000,
    folded: null,
  };
}

/** One row a turn; of a long row of the same calls the middle is folded into one. */
export function turnRows(turns: Turn[], fold: boolean): TurnRow[] {
  const out: TurnRow[] = [];
  for (let i = 0; i < turns.length; ) {
    const first = turns[i];
    if (!first) break;
    let j = i + 1;
    while (first.signature !== null && turns[j]?.signature === first.signature) j += 1;
    const same = turns.slice(i, j);
    const rows = same.map((turn, k) =>
      one(turn, turns[i + k - 1], same.length >= REPEATS_FROM ? k + 1 : 0, same.length),
    );
    // the first three and the last stay: where it begins, when it is a loop, how it ends
    if (fold && same.length > REPEATS_FROM + 2) {
      const middle = same.slice(REPEATS_FROM, -1);
      const [from, to] = [middle[0], middle.at(-1)];
      const base = rows[REPEATS_FROM];
      const last = rows.at(-1);
      out.push(...rows.slice(0, REPEATS_FROM));
      if (from && to && base)
        out.push({
          ...base,
          id: `fold-${base.id}`,
          cost: costOf(middle.map((turn) => turn.model)),
          seconds: (to.end - from.start) / 1000,
          folded: { to, count: middle.length, sameAnswer: new Set(middle.map(answersOf)).size === 1 },
        });
      if (last) out.push(last);
    } else out.push(...rows);
    i = j;
  }
  return out;
}

/** "web.fetch ×3, kb.read". */
export function callsIn(turn: Turn): string {
  const counts = new Map<string, number>();
  for (const tool of turn.tools) {
    const name = tool.tool ?? tool.name;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, n]) => (n > 1 ? `${name} ×${n}` : name)).join(", ");
}
