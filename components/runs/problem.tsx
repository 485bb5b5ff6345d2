"use client";

import type { ReactNode } from "react";
import { ApiProblem } from "../api";
import { ErrorState } from "../kit/states";

/** What the server refused, in its own words; nothing technical where it said nothing. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return "The answer could not be read. Try again.";
  const first = error.errors[0];
  return first ? `${error.message} ${first.message}` : error.message;
}

/** The same for a dialog: nothing where nothing was refused. */
export const detailOf = (error: unknown): string | null => (error ? wordsOf(error) : null);

/** A query that failed: what, and the facts to hand on. */
export function Problem({
  title,
  error,
  onRetry,
  path,
  children,
}: {
  title: string;
  error: unknown;
  onRetry?: () => void;
  path?: string;
  children?: ReactNode;
}) {
  const known = error instanceof ApiProblem ? error : null;
  return (
    <ErrorState
      title={title}
      status={known?.status || undefined}
      code={known?.code}
      requestId={known?.traceId ?? undefined}
      path={path}
      onRetry={onRetry}
    >
      {children ?? wordsOf(error)}
    </ErrorState>
  );
}

/** A part of a page that could not be read. */
export const LoadFailed = ({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) => (
  <Problem title={`${what} could not be read`} error={error} onRetry={onRetry} />
);
