"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";
import { Mono } from "@/components/kit/text";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ApprovalsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Approvals" />
      <ErrorState
        title="The approvals could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected={
          <>
            What waits keeps waiting, and its clocks run. A verdict can also be given without this page:{" "}
            <Mono>POST /api/v1/approvals/&#123;id&#125;/verdict</Mono> with a key of scope approve.
          </>
        }
      />
    </Page>
  );
}
