"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function BudgetsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Budgets" />
      <ErrorState
        title="The budgets could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected="The caps hold without this page: each decision reads them for itself."
      />
    </Page>
  );
}
