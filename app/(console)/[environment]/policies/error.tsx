"use client";

import { Page } from "@/components/kit/layout";
import { SectionFailed } from "@/components/overview/problem";

export default function Failed({ reset }: { error: Error; reset: () => void }) {
  return (
    <Page>
      <SectionFailed what="The policies" reset={reset} />
    </Page>
  );
}
