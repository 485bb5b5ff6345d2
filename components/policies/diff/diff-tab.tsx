"use client";

import { SegmentedControl, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import type { PolicyVersionShape } from "@/lib/policies/schema";
import { Column, Row, Split } from "../../kit/layout";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { type Format, textIn } from "../document/text";
import type { Draft } from "../document/use-draft";
import { CheckedDryRun } from "../dry-run-tab";
import { VersionsPanel } from "../versions";
import { DiffLines } from "./diff-lines";
import { countOf, type DiffLine, diffLines, since } from "./lines";

const EDITED = "edited";

type Props = {
  policyId: string;
  versions: PolicyVersionShape[];
  draft: Draft;
  from: number;
  to: number | null;
  onChange: (range: { from?: number; to?: number | null }) => void;
};

/** Two versions line by line, and what the newer would have changed. `to` null: the text in the editor. */
export function DiffTab({ policyId, versions, draft, from, to, onChange }: Props) {
  const [format, setFormat] = useState<Format>(draft.format);
  const before = versions.find((each) => each.version === from);
  const after = versions.find((each) => each.version === to);
  const choices = versions.map((each) => ({
    value: String(each.version),
    label: `version ${each.version}, ${each.state}`,
  }));
  const afterText = after ? textIn(after, format) : draft.format === format ? draft.text : null;
  const lines = useMemo(
    () => (before && afterText !== null ? diffLines(textIn(before, format), afterText) : []),
    [before, afterText, format],
  );
  const origin = useMemo(() => originOf(versions, from, to, format), [versions, from, to, format]);
  const { added, removed } = countOf(lines);
  if (versions.length < 2 && to !== null)
    return (
      <Empty title="There is one version">
        Change the document and save it: what was added and removed stands here, line by line, with what it would have
        changed in the last 30 days.
      </Empty>
    );
  return (
    <Split side={372}>
      <Panel
        title={`${policyId}.${format}`}
        sub={`${counted(added, "line")} added, ${removed} removed`}
        right={
          <SegmentedControl
            aria-label="Notation"
            data={[
              { value: "yaml", label: "YAML" },
              { value: "json", label: "JSON" },
            ]}
            value={format}
            onChange={(value) => setFormat(value === "json" ? "json" : "yaml")}
            disabled={to === null}
          />
        }
        foot={
          <Row>
            <Select
              aria-label="From"
              size="xs"
              data={choices}
              value={String(from)}
              allowDeselect={false}
              onChange={(value) => value && onChange({ from: Number(value) })}
            />
            to
            <Select
              aria-label="To"
              size="xs"
              data={[...(draft.dirty ? [{ value: EDITED, label: "the text in the editor" }] : []), ...choices]}
              value={to === null ? EDITED : String(to)}
              allowDeselect={false}
              onChange={(value) => value && onChange({ to: value === EDITED ? null : Number(value) })}
            />
          </Row>
        }
      >
        {added + removed === 0 ? (
          <Empty bare title="They are the same">
            Not one line differs between the two.
          </Empty>
        ) : (
          <DiffLines lines={lines} label="What changed, line by line" from={origin} />
        )}
      </Panel>
      <Column>
        <CheckedDryRun policyId={policyId} draft={draft} />
        <VersionsPanel policyId={policyId} versions={versions} />
      </Column>
    </Split>
  );
}

/** For each line of a diff: the version that brought it. */
function originOf(versions: PolicyVersionShape[], from: number, to: number | null, format: Format) {
  const oldest = [...versions].sort((a, b) => a.version - b.version);
  const known = (upTo: number) => {
    const some = oldest.filter((each) => each.version <= upTo);
    return { some, lines: since(some.map((each) => textIn(each, format))) };
  };
  const [before, after] = [known(from), known(to ?? oldest.at(-1)?.version ?? from)];
  return (line: DiffLine): string => {
    if (line.sign === "+" && to === null) return "not saved yet";
    const { some, lines } = line.sign === "-" ? before : after;
    const at = line.sign === "-" ? line.before : line.after;
    const version = some[lines[(at ?? 0) - 1] ?? -1];
    if (!version || (to === null && line.sign === " ")) return "";
    return `version ${version.version}, ${version.author}`;
  };
}
