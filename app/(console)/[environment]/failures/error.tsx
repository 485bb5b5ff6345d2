"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function FailuresError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Failures" />
      <ErrorState
        title="The inventory could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected="Rules judge without this page: alerts still arrive."
      />
    </Page>
  );
}
