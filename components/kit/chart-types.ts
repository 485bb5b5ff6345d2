import type { Family } from "./stop-reasons";

export type StopReasonPoint = { at: string; counts: Partial<Record<Family, number>> };
export type LineColor = "accent" | "quiet" | "tool" | "loop" | "budget" | "refused" | "person" | "run";
export type LineSeries = { key: string; label: string; color?: LineColor; dashed?: boolean };
