"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function ConnectFailed(props: Thrown) {
  return <PageFailed {...props} page="Connect" what="This page" />;
}
