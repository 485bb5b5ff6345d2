"use client";

import { Button } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import type { CheckShape, ReadinessShape } from "@/lib/readiness/schema";
import { usePlace } from "../frame/place";
import { type Check, Checks } from "../kit/checks";
import { counted } from "../kit/numbers";
import { Meta, TextLink } from "../kit/text";
import s from "./gate.module.css";
import { dayWords, NEEDS_OWNER, standingOf } from "./words";

const STATE = { met: "ok", open: "no", unknown: "open", waived: "warn" } as const;

/** A condition with why it stands so, and the one link that mends it. */
export function rowOf(c: CheckShape, slug: string): Check {
  const standing = standingOf(c);
  const label = c.mend_label ?? "Open";
  return {
    id: c.check,
    state: STATE[standing],
    what: standing === "waived" ? `Waived: ${c.title}` : c.title,
    why: c.waived ? `“${c.waived.reason}”, ${c.waived.by}, until ${dayWords(c.waived.until)}. ${c.detail}` : c.detail,
    right: c.mend && standing !== "met" && (
      <TextLink href={`/${slug}${c.mend}`} label={`${label}: ${c.title}`}>
        {label}
      </TextLink>
    ),
  };
}

export function Verdict({ of, onWaive }: { of: ReadinessShape; onWaive: () => void }) {
  const { environment, may } = usePlace();
  const open = of.checks.filter((c) => !c.ok);
  const waived = of.checks.filter((c) => c.waived);
  const name = of.version === null ? of.agent_id : `${of.agent_id} ${of.version}`;
  const allowed = may["readiness.write"] === true;
  const Icon = of.ready ? IconCircleCheck : IconAlertCircle;
  return (
    <section className={s.gate} data-ready={of.ready || undefined} aria-label="Launch gate">
      <div className={s.verdict} role="status">
        <h2 className={s.word}>
          <Icon size={20} aria-hidden className={s.mark} data-ready={of.ready || undefined} />
          {of.ready ? "Ready" : "Not ready"}
        </h2>
        <p>
          {of.ready
            ? `Every condition of ${name} is met${waived.length > 0 ? " or waived" : ""}.`
            : `${counted(open.length, "thing blocks", "things block")} ${name}.`}{" "}
          Computed now, from evidence; nobody sets it by hand.
        </p>
        <Meta>
          {of.counts.met} met, {of.counts.open} not met, {of.counts.unknown} not known, {of.counts.waived} waived.
        </Meta>
        {open.length > 0 && (
          <div className={s.act}>
            <Button onClick={onWaive} disabled={!allowed} title={allowed ? undefined : NEEDS_OWNER}>
              Waive one…
            </Button>
          </div>
        )}
      </div>
      {open.length + waived.length > 0 ? (
        <Checks items={[...open, ...waived].map((c) => rowOf(c, environment.slug))} />
      ) : (
        <p className={s.clear}>Nothing is open and nothing is waived.</p>
      )}
    </section>
  );
}
