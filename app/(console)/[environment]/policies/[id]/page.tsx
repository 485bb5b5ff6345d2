import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { PolicyView } from "@/components/policies/policy-view";
import { policyQuery, versionsQuery } from "@/components/policies/queries";
import { Failure } from "@/lib/platform/errors";
import { getPolicy, listVersions } from "@/lib/policies";
import { loadPolicyParams } from "../search-params";

type Props = {
  params: Promise<{ environment: string; id: string }>;
  searchParams: Promise<SearchParams>;
};
const idOf = async (params: Props["params"]) => decodeURIComponent((await params).id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Policy ${await idOf(params)}` };
}

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const policyId = await idOf(params);
  const { ctx } = await place(slug);
  const { tab, version } = await loadPolicyParams(searchParams);
  const client = new QueryClient();
  const found = await getPolicy(ctx, { policy_id: policyId }).catch((error: unknown) => {
    if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
    throw error;
  });
  client.setQueryData(policyQuery(slug, policyId).queryKey, found);
  if (tab !== "document" || version !== null)
    await client.prefetchQuery({
      ...versionsQuery(slug, policyId),
      queryFn: () => listVersions(ctx, { policy_id: policyId }),
    });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PolicyView policyId={policyId} />
    </HydrationBoundary>
  );
}
