"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function AuditFailed(props: Thrown) {
  return <PageFailed {...props} page="Audit" what="The audit" />;
}
