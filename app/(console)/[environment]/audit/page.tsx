import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { AUDIT_LIMIT, auditQuery } from "@/components/audit/queries";
import { auditInput } from "@/components/audit/search-params";
import { Audit } from "@/components/audit/view";
import { listAudit } from "@/lib/audit";
import { may } from "@/lib/platform/authz";
import { loadAuditParams } from "./search-params";

export const metadata = { title: "Audit" };

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { cursor, row, ...filter } = await loadAuditParams(searchParams);
  const client = new QueryClient();
  if (may(ctx, "audit.read")) {
    const input = {
      ...auditInput(filter, ctx.now().getTime()),
      limit: AUDIT_LIMIT,
      ...(cursor === null ? {} : { cursor }),
    };
    await client.prefetchQuery({ ...auditQuery(slug, filter, cursor), queryFn: () => listAudit(ctx, input) });
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Audit />
    </HydrationBoundary>
  );
}
