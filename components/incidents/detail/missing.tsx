"use client";

import { Button } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import type { CheckName, IncidentDetail } from "@/lib/incidents/schema";
import { NEEDS_WRITER, NEXT } from "../words";
import s from "./detail.module.css";

/** First under the title: what stands, what is missing, and the one button that does the next of it. */
export function Missing(props: { of: IncidentDetail; next: CheckName | null; allowed: boolean; onNext: () => void }) {
  const { of, next, allowed, onNext } = props;
  const left = of.checks.filter((c) => !c.met).length;
  return (
    <section className={s.missing} aria-label="What is missing before it can be closed">
      <div>
        <h2 role="status">
          {left === 0
            ? "Nothing is missing: this can be closed"
            : `${left} of ${of.checks.length} things are missing before this can be closed`}
        </h2>
        <ul>
          {of.checks.map((c) => (
            <li key={c.check} data-met={c.met || undefined} title={c.why ?? undefined}>
              {c.met ? <IconCircleCheck size={15} aria-hidden /> : <IconAlertCircle size={15} aria-hidden />}
              <span className="il-sr">{c.met ? "met: " : "missing: "}</span>
              {c.says}
            </li>
          ))}
        </ul>
      </div>
      <Button variant="filled" disabled={!allowed} title={allowed ? undefined : NEEDS_WRITER} onClick={onNext}>
        {next === null ? "Close the incident…" : NEXT[next]}
      </Button>
    </section>
  );
}
