"use client";

import { Page } from "@/components/kit/layout";
import { PageHead } from "@/components/kit/panel";
import { ErrorState } from "@/components/kit/states";
import { Mono } from "@/components/kit/text";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ControlsError({ error, reset }: Props) {
  return (
    <Page>
      <PageHead title="Controls" />
      <ErrorState
        title="The controls could not be shown"
        requestId={error.digest}
        onRetry={reset}
        notAffected={
          <>
            Switches that are on stay on. In an emergency the switch also answers without this page:{" "}
            <Mono>POST /api/v1/switches</Mono> with a key of scope operate.
          </>
        }
      />
    </Page>
  );
}
