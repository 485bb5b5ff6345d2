"use client";

import { Button } from "@mantine/core";
import type { FailureDetail } from "@/lib/failures/schema";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { NEEDS_OWNER } from "../words";
import s from "./entry.module.css";

/** The first three moves at 03:00, what to do then, and how one knows that it is over. */
export function RunbookPanel(props: { of: FailureDetail; allowed: boolean; onEdit: () => void }) {
  const { of, allowed, onEdit } = props;
  const { runbook } = of;
  const act = (
    <Button
      size="xs"
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      aria-label={runbook ? "Edit the runbook" : "Write the runbook"}
      onClick={onEdit}
    >
      {runbook ? "Edit…" : "Write…"}
    </Button>
  );
  return (
    <section id="runbook" className={s.anchor} aria-label="Runbook">
      <Panel title="Runbook" right={act}>
        {runbook ? (
          <>
            <ol className={s.moves}>
              {runbook.first.map((move) => (
                <li key={move}>{move}</li>
              ))}
            </ol>
            {runbook.then.length > 0 && (
              <ul className={s.moves} data-quiet aria-label="Then">
                {runbook.then.map((move) => (
                  <li key={move}>{move}</li>
                ))}
              </ul>
            )}
            <div className={s.verify}>
              It is over when: {runbook.verify} It stands on every run that ends with its stop reasons.
            </div>
          </>
        ) : (
          <Empty bare title="No runbook">
            Whoever is woken finds no first move here. Write three, the most important first.
          </Empty>
        )}
      </Panel>
    </section>
  );
}
