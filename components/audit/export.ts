import type { AuditShape } from "@/lib/audit/schema";
import { api } from "../api";
import type { AuditPage } from "./queries";
import { type AuditFilter, auditPath } from "./search-params";

export type ExportFormat = "jsonl" | "csv";
const STEP = 500;

/** Every row that matches, newest first, by following the cursors. `tell` hears how many there are so far. */
export async function allRows(
  environment: string,
  filter: AuditFilter,
  signal: AbortSignal,
  tell: (rows: number) => void,
): Promise<AuditShape[]> {
  const rows: AuditShape[] = [];
  // "last 24 h" means the same for every page of one export
  const now = Date.now();
  let cursor: string | null = null;
  do {
    const page: AuditPage = await api(environment).get<AuditPage>(
      auditPath(filter, { limit: STEP, cursor }, now),
      signal,
    );
    rows.push(...page.items);
    tell(rows.length);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return rows;
}

/** RFC 4180; a text that a spreadsheet would run as a formula is led by an apostrophe. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const COLUMNS: [string, (row: AuditShape) => unknown][] = [
  ["seq", (row) => row.seq],
  ["at", (row) => row.at],
  ["actor_type", (row) => row.actor.type],
  ["actor_id", (row) => row.actor.id],
  ["actor_name", (row) => row.actor.name],
  ["action", (row) => row.action],
  ["target_type", (row) => row.target.type],
  ["target_id", (row) => row.target.id],
  ["summary", (row) => row.summary],
  ["before", (row) => row.before],
  ["after", (row) => row.after],
  ["request_id", (row) => row.request_id],
  ["prev_hash", (row) => row.prev_hash],
  ["hash", (row) => row.hash],
];

export function serialise(rows: AuditShape[], format: ExportFormat): string {
  if (format === "jsonl") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, read]) => cell(read(row))))];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

export function download(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
