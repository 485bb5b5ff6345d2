"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function RunsFailed(props: Thrown) {
  return <PageFailed {...props} page="Runs" what="The runs" />;
}
