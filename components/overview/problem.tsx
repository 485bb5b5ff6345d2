"use client";

import { ApiProblem } from "../api";
import { type ErrorFacts, ErrorState } from "../kit/states";

/** What the API said, as the facts of an error panel. */
export function problemFacts(error: unknown): ErrorFacts & { detail: string } {
  if (!(error instanceof ApiProblem)) return { detail: "Something went wrong on this page." };
  return {
    detail: error.message,
    status: error.status || undefined,
    code: error.code,
    requestId: error.traceId ?? undefined,
  };
}

export const detailOf = (error: unknown): string | null => (error ? problemFacts(error).detail : null);

/** A part of a page that could not be read: what, why, and the way on. */
export function LoadFailed({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const { detail, ...facts } = problemFacts(error);
  return (
    <ErrorState title={`${what} could not be read`} {...facts} onRetry={onRetry}>
      {detail}
    </ErrorState>
  );
}

/** The error.tsx of a section: what was thrown while the page was rendered. */
export function SectionFailed({ what, reset }: { what: string; reset: () => void }) {
  return (
    <ErrorState title={`${what} could not be shown`} onRetry={reset}>
      The page could not be rendered.
    </ErrorState>
  );
}
