"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function IncidentsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Incidents" />
      <ErrorState
        title="The incidents could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected="What happens is recorded without this page: runs, switches and effects write their own rows."
      />
    </Page>
  );
}
