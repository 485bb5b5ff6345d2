import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { headers } from "next/headers";
import { place } from "@/app/session";
import { ARRIVED } from "@/components/connect/queries";
import { Connect } from "@/components/connect/view";
import { agentsQuery } from "@/components/fleet/queries";
import { recentRunsQuery } from "@/components/overview/queries";
import { keysQuery } from "@/components/tenancy/queries";
import { listAgents } from "@/lib/controls";
import { env } from "@/lib/platform/env";
import { listRuns } from "@/lib/runs";
import { listKeys } from "@/lib/tenancy";

export const metadata = { title: "Connect an agent" };

/** Where agents reach this server, as far as it can know. */
async function originOf(): Promise<string> {
  const declared = env().INTERLOCK_PUBLIC_URL;
  if (declared) return new URL(declared).origin;
  const sent = await headers();
  return `${sent.get("x-forwarded-proto") ?? "http"}://${sent.get("x-forwarded-host") ?? sent.get("host") ?? "localhost"}`;
}

export default async function Page({ params }: { params: Promise<{ environment: string }> }) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({ ...keysQuery(slug), queryFn: () => listKeys(ctx, {}) }),
    client.prefetchQuery({ ...recentRunsQuery(slug, ARRIVED), queryFn: () => listRuns(ctx, ARRIVED) }),
    client.prefetchQuery({ ...agentsQuery(slug), queryFn: () => listAgents(ctx, {}) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Connect origin={await originOf()} />
    </HydrationBoundary>
  );
}
