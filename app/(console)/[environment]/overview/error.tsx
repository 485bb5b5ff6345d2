"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function OverviewFailed(props: Thrown) {
  return <PageFailed {...props} page="Overview" what="The overview" />;
}
