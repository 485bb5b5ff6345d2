"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function ReadinessFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Readiness"
      what="Readiness"
      goesOn="Targets are looked at without this page: an alarm is raised and told all the same."
    />
  );
}
