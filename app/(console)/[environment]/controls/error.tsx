"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";
import { Mono } from "@/components/kit/text";

export default function ControlsFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Controls"
      what="The controls"
      goesOn={
        <>
          Switches that are on stay on. In an emergency the switch also answers without this page:{" "}
          <Mono>POST /api/v1/switches</Mono> with a key of scope operate.
        </>
      }
    />
  );
}
