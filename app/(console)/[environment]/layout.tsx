import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { place } from "@/app/session";
import { alertCountsQuery } from "@/components/alerts/queries";
import { countsQuery } from "@/components/approvals/queries";
import { stateQuery } from "@/components/controls/queries";
import { Frame } from "@/components/frame/frame";
import { incidentCountsQuery } from "@/components/incidents/queries";
import { alertCounts } from "@/lib/alerts";
import { approvalCounts } from "@/lib/approvals";
import { getState } from "@/lib/controls";
import { incidentCounts } from "@/lib/incidents";
import { may } from "@/lib/platform/authz";
import manifest from "@/package.json";

type Props = { children: ReactNode; params: Promise<{ environment: string }> };

const ACTS = [
  "control.set",
  "control.configure",
  "fleet.review",
  "people.write",
  "keys.write",
  "environment.write",
  "prices.write",
  "audit.read",
  "people.read",
  "budgets.write",
  "approvals.configure",
  "approvals.break_glass",
  "approvals.decide",
  "policies.write",
  "effects.settle",
  "failures.write",
  "rules.write",
  "alerts.write",
  "incidents.write",
  "evaluations.read",
  "readiness.write",
  "notifications.read",
  "notifications.write",
  "readiness.read",
] as const;

export default async function ConsoleLayout({ children, params }: Props) {
  const { environment: slug } = await params;
  const { ctx, environment, environments, person } = await place(slug);
  const client = new QueryClient();
  await Promise.all([
    getState(ctx, {}).then((state) => client.setQueryData(stateQuery(slug).queryKey, state)),
    client.prefetchQuery({ ...countsQuery(slug), queryFn: () => approvalCounts(ctx, {}), retry: false }),
    client.prefetchQuery({ ...alertCountsQuery(slug), queryFn: () => alertCounts(ctx, {}), retry: false }),
    client.prefetchQuery({ ...incidentCountsQuery(slug), queryFn: () => incidentCounts(ctx, {}), retry: false }),
  ]);
  const allowed = Object.fromEntries(ACTS.map((act) => [act, may(ctx, act)]));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Frame
        environment={environment}
        environments={environments}
        person={person}
        may={allowed}
        version={manifest.version}
      >
        {children}
      </Frame>
    </HydrationBoundary>
  );
}
