"use client";

import type { ReadinessShape } from "@/lib/readiness/schema";
import { usePlace } from "../frame/place";
import { Checks } from "../kit/checks";
import { Panel } from "../kit/panel";
import { TextLink } from "../kit/text";
import { rowOf } from "./verdict";

/** What the inventory says must be watched before launch. */
export function Entries({ of }: { of: ReadinessShape }) {
  const { slug } = usePlace().environment;
  const all = of.checks.filter((c) => c.group === "entry");
  const entries = all.filter((c) => c.check.startsWith("entry."));
  const armed = entries.filter((c) => c.answer === "yes").length;
  return (
    <Panel
      title="Pre-launch entries"
      sub={entries.length > 0 ? `${entries.length}, ${armed} armed and owned` : undefined}
      right={<TextLink href={`/${slug}/failures`}>Failures</TextLink>}
    >
      <Checks items={all.map((c) => rowOf(c, slug))} />
    </Panel>
  );
}
