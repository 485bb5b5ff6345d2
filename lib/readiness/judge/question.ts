import type { Facts } from "./facts";
import { type Judged, judged, type Part } from "./part";

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const agentPath = (f: Facts): string => `/agents/${encodeURIComponent(f.agentId)}`;
export const versionOf = (f: Facts): string => (f.version === null ? "this agent" : f.version);
export const question = (n: number, check: string, title: string, parts: Part[]): Judged =>
  judged({ check, group: "question", question: n, title }, parts);
