"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";
import { Mono } from "@/components/kit/text";

export default function ApprovalsFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Approvals"
      what="The approvals"
      goesOn={
        <>
          What waits keeps waiting, and its clocks run. A verdict can also be given without this page:{" "}
          <Mono>POST /api/v1/approvals/&#123;id&#125;/verdict</Mono> with a key of scope approve.
        </>
      }
    />
  );
}
