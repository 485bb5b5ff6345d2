"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function AgentsFailed(props: Thrown) {
  return <PageFailed {...props} page="Agents" what="The agents" />;
}
