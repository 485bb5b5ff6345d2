"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function FailuresFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Failures"
      what="The inventory"
      goesOn="Rules judge without this page: alerts still arrive."
    />
  );
}
