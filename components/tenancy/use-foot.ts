"use client";

import { useQuery } from "@tanstack/react-query";

/** Host, version, and whether the server is ready, for the foot of a page without a frame. */
export function useFoot(host: string, version: string): string[] {
  const { data } = useQuery({
    queryKey: ["ready"],
    queryFn: async ({ signal }) => {
      const answer = await fetch("/api/ready", { signal });
      return answer.ok ? "ready" : "not ready";
    },
    refetchInterval: 15_000,
    retry: false,
  });
  return [host, `version ${version}`, `status: ${data ?? "asking"}`];
}
