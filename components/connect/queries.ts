import { queryOptions } from "@tanstack/react-query";
import { ApiProblem } from "../api";

export type Ready = { status: string; ms: number };

/** Does the server answer, with its database? */
export const readyQuery = queryOptions({
  queryKey: ["ready", "full"],
  queryFn: async ({ signal }): Promise<Ready> => {
    const answer = await fetch("/api/ready", { signal });
    if (!answer.ok) throw new ApiProblem(answer.status, "not_ready", "The server is not ready.", null, []);
    return (await answer.json()) as Ready;
  },
  refetchInterval: 15_000,
  retry: false,
});

/** The newest runs, enough to tell whether the first one is among them. */
export const ARRIVED = { limit: 20 };

/** Who sends the test span of this page: it shows that the way is open, and is no agent of anybody's. */
export const TEST_AGENT = "test-agent";
