"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function RunsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Runs" />
      <ErrorState title="The runs could not be shown" requestId={error.digest} onRetry={reset} />
    </Page>
  );
}
