"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function PoliciesFailed(props: Thrown) {
  return <PageFailed {...props} page="Policies" what="The policies" />;
}
