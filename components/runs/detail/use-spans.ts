"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { RunShape, SpanShape } from "@/lib/runs/schema";
import { spansQuery } from "../queries";

const AT_ONCE = 5_000;
const REFRESH_MS = 5_000;

/** The spans of a run, page by page by itself up to 5,000, then on request; a running one is read again in its time. */
export function useSpans(environment: string, run: RunShape) {
  const [most, setMost] = useState(AT_ONCE);
  const live = run.status === "running" || run.status === "waiting";
  const query = useInfiniteQuery({
    ...spansQuery(environment, run.run_id),
    staleTime: live ? REFRESH_MS : Number.POSITIVE_INFINITY,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage, refetch } = query;
  const pages = data?.pages;
  const spans = useMemo<SpanShape[]>(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && spans.length < most) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, spans.length, most, fetchNextPage]);

  // The run says how many spans it has: only when that moved is there something to read.
  const behind = run.spans > spans.length && !hasNextPage && data !== undefined;
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => void refetch(), live ? REFRESH_MS : 1_000);
    return () => clearTimeout(timer);
  }, [behind, live, refetch]);

  return {
    spans,
    loading: query.isPending,
    reading: hasNextPage && spans.length < most,
    error: query.error,
    retry: () => void refetch(),
    more: hasNextPage && spans.length >= most ? () => setMost(most + AT_ONCE) : undefined,
  };
}
