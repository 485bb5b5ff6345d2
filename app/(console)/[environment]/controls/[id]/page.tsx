import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import { PropagationView } from "@/components/controls/propagation-view";
import { propagationQuery } from "@/components/controls/queries";
import { getPropagation } from "@/lib/controls";
import { Failure } from "@/lib/platform/errors";

type Props = { params: Promise<{ environment: string; id: string }> };
export const metadata: Metadata = { title: "Switch" };

export default async function Page({ params }: Props) {
  const { environment: slug, id } = await params;
  const { ctx } = await place(slug);
  const switchId = decodeURIComponent(id);
  const data = await getPropagation(ctx, { switch_id: switchId }).catch((error: unknown) => {
    if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
    throw error;
  });
  const client = new QueryClient();
  client.setQueryData(propagationQuery(slug, switchId).queryKey, data);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PropagationView switchId={switchId} />
    </HydrationBoundary>
  );
}
