"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function AlertsFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Alerts"
      what="The alerts"
      goesOn="Rules judge without this page: what fires is told to the channels, and what a rule does is done."
    />
  );
}
