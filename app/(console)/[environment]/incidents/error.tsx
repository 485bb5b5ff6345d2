"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function IncidentsFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Incidents"
      what="The incidents"
      goesOn="What happens is recorded without this page: runs, switches and effects write their own rows."
    />
  );
}
