import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { budgetQuery, budgetsQuery } from "@/components/budgets/queries";
import { BudgetsView } from "@/components/budgets/view";
import { getBudget, listBudgets } from "@/lib/budgets";
import { loadBudgets } from "./search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Budgets" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { budget } = await loadBudgets(searchParams);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await Promise.all([
    client.prefetchQuery({ ...budgetsQuery(slug), queryFn: () => listBudgets(ctx, {}) }),
    budget
      ? client.prefetchQuery({ ...budgetQuery(slug, budget), queryFn: () => getBudget(ctx, { slug: budget }) })
      : undefined,
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <BudgetsView />
    </HydrationBoundary>
  );
}
