"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function SettingsFailed(props: Thrown) {
  return <PageFailed {...props} page="Settings" what="The settings" />;
}
