"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function AlertsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Alerts" />
      <ErrorState
        title="The alerts could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected="Rules judge without this page: what fires is told to the channels, and what a rule does is done."
      />
    </Page>
  );
}
