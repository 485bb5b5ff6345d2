"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ReadinessError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Readiness" />
      <ErrorState
        title="Readiness could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected="Targets are looked at without this page: an alarm is raised and told all the same."
      />
    </Page>
  );
}
