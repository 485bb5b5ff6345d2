"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function EvaluationsFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Evaluations"
      what="The evaluations"
      goesOn="Scores, probes and golden tasks are taken in without this page."
    />
  );
}
