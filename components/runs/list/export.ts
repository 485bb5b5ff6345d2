import type { RunShape } from "@/lib/runs/schema";
import { ApiProblem, query } from "../../api";
import { runListQuery } from "../filters";
import type { RunFilters, RunSort } from "../search-params";

export type ExportFormat = "csv" | "json";
export const EXPORT_CAP = 10_000;
const PAGE = 500;

type Progress = (rows: number) => void;
type Exported = { text: string; rows: number; capped: boolean };

/** Follows the pages up to the cap. Rows of CSV are counted by the pages, since a value may hold a line break. */
export async function exportRuns(
  environment: string,
  asked: { filters: RunFilters; sort: RunSort; format: ExportFormat },
  onProgress: Progress,
  signal: AbortSignal,
): Promise<Exported> {
  const base = { ...runListQuery(asked.filters, asked.sort, Date.now()), limit: PAGE };
  const parts: string[] = [];
  const items: RunShape[] = [];
  let cursor: string | null = null;
  let rows = 0;
  do {
    const answer: Response = await fetch(`/api/v1/runs${query({ ...base, cursor, format: asked.format })}`, {
      headers: { "interlock-environment": environment },
      signal,
    });
    if (!answer.ok)
      throw new ApiProblem(answer.status, "export_failed", "The runs could not be read to the end.", null, []);
    if (asked.format === "csv") {
      const text = await answer.text();
      cursor = answer.headers.get("interlock-next-cursor");
      const body = parts.length === 0 ? text : text.slice(text.indexOf("\r\n") + 2);
      if (text !== "") parts.push(body);
      rows += cursor ? PAGE : lines(text);
    } else {
      const page = (await answer.json()) as { items: RunShape[]; next_cursor: string | null };
      items.push(...page.items);
      cursor = page.next_cursor;
      rows = items.length;
    }
    onProgress(Math.min(rows, EXPORT_CAP));
  } while (cursor && rows < EXPORT_CAP);
  const text = asked.format === "csv" ? parts.join("\r\n") : JSON.stringify(items, null, 2);
  return { text, rows, capped: cursor !== null };
}

/** Records of a CSV without its head: line breaks inside quotes do not count. */
function lines(text: string): number {
  let quoted = false;
  let ends = 0;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === "\n" && !quoted) ends += 1;
  }
  return ends;
}

export function download(text: string, name: string, type: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
