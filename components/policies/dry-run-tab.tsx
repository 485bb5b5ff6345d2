"use client";

import { SegmentedControl } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { usePlace } from "../frame/place";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { LoadFailed } from "../runs/problem";
import { bodyOf } from "./document/text";
import { useChecked } from "./document/use-checked";
import type { Draft } from "./document/use-draft";
import { DryRunGroups, DryRunSpan } from "./dry-run";
import s from "./policies.module.css";
import { dryRunQuery } from "./queries";

/** Beside a diff: what the check of the text already found. */
export function CheckedDryRun({ policyId, draft }: { policyId: string; draft: Draft }) {
  const { checked, checking, errors, failed } = useChecked(policyId, draft.text, draft.format);
  const run = checked?.valid ? checked.dry_run : null;
  const why = () => {
    if (errors > 0) return "The document has errors; what is not valid cannot be judged.";
    if (failed) return "It could not be run. Try the tab Dry run.";
    return checking ? "Judging the last 30 days …" : "Not run yet.";
  };
  return (
    <Panel title="Dry run" sub={run && <DryRunSpan run={run} />} label="Dry run">
      {run ? <DryRunGroups run={run} /> : <p className={s.quiet}>{why()}</p>}
    </Panel>
  );
}

const DAYS = [1, 7, 30];

/** The document as it stands in the editor, over what was decided. */
export function DryRunTab(props: { policyId: string; draft: Draft; days: number; onDays: (days: number) => void }) {
  const { policyId, draft, days, onDays } = props;
  const { slug } = usePlace().environment;
  const { parsed, errors } = useChecked(policyId, draft.text, draft.format);
  const document = parsed.ok ? bodyOf(parsed.value) : null;
  const run = useQuery({
    ...dryRunQuery(slug, policyId, document, days),
    enabled: document !== null && errors === 0,
  });
  const body = () => {
    if (errors > 0)
      return (
        <Empty bare icon={IconFlask} title="The document has errors">
          What is not valid cannot be judged. The tab Document shows each error at its place.
        </Empty>
      );
    if (run.error) return <LoadFailed what="The dry run" error={run.error} onRetry={() => void run.refetch()} />;
    if (!run.data) return <Loading what="the dry run" shape="rows" rows={6} />;
    return <DryRunGroups run={run.data} />;
  };
  return (
    <Panel
      title="Dry run"
      sub={run.data ? <DryRunSpan run={run.data} /> : "the text in the editor over what was decided"}
      label="Dry run"
      right={
        <SegmentedControl
          aria-label="How far back"
          data={DAYS.map((n) => ({ value: String(n), label: n === 1 ? "24 h" : `${n} days` }))}
          value={String(days)}
          onChange={(value) => onDays(Number(value))}
        />
      }
      foot={
        <span>
          Each recorded call is judged again by this document, among the others that bind its caller. Nothing is sent,
          blocked or written.
        </span>
      }
    >
      {body()}
    </Panel>
  );
}
