"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function EvaluationsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Evaluations" />
      <ErrorState
        title="The evaluations could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected="Scores, probes and golden tasks are taken in without this page."
      />
    </Page>
  );
}
