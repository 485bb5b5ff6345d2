"use client";

import { useQuery } from "@tanstack/react-query";
import { signOut } from "next-auth/react";
import type { ReactNode } from "react";
import type { EnvironmentShape } from "@/lib/tenancy/schema";
import { alertCountsQuery } from "../alerts/queries";
import { countsQuery } from "../approvals/queries";
import { stateQuery } from "../controls/queries";
import { incidentCountsQuery } from "../incidents/queries";
import { counted } from "../kit/numbers";
import { Shell } from "../shell/shell";
import { useCommands } from "./commands";
import { countsOf } from "./counts";
import { useLive } from "./live";
import { PlaceProvider, type PlaceValue } from "./place";

type Props = PlaceValue & { environments: EnvironmentShape[]; version: string; children: ReactNode };

/** The frame of every console page: environment, control state and live dot never leave it. */
export function Frame({ environment, environments, person, may, version, children }: Props) {
  const live = useLive(environment.slug);
  const { data: state } = useQuery(stateQuery(environment.slug));
  const { data: approvals } = useQuery(countsQuery(environment.slug));
  const { data: alerts } = useQuery(alertCountsQuery(environment.slug));
  const { data: incidents } = useQuery(incidentCountsQuery(environment.slug));
  const { commands, find } = useCommands(environment, state, approvals);
  const stopping = state?.stopping ?? null;
  return (
    <PlaceProvider value={{ environment, person, may }}>
      <Shell
        environment={environment}
        environments={environments}
        mode={state?.mode ?? "run"}
        stopping={stopping !== null}
        modeNote={stopping ? `${stopping.confirmed} of ${counted(stopping.requested, "run")}` : undefined}
        revision={state?.revision ?? 0}
        revisionShort={state ? String(state.revision % 10_000) : "–"}
        person={person}
        live={live}
        counts={countsOf(state, approvals, alerts, incidents)}
        version={version}
        commands={commands}
        find={find}
        onSignOut={() => void signOut({ callbackUrl: "/sign-in" })}
      >
        {children}
      </Shell>
    </PlaceProvider>
  );
}
