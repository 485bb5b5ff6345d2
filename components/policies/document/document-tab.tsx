"use client";

import { SegmentedControl } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePlace } from "../../frame/place";
import { Column, Split } from "../../kit/layout";
import { Note } from "../../kit/note";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { namesQuery } from "../../runs/queries";
import s from "../policies.module.css";
import { schemaQuery } from "../queries";
import { useNames } from "../use-names";
import type { Place } from "./code-editor";
import { Editor } from "./editor";
import { Foot } from "./foot";
import { positionOf } from "./position";
import type { Problem } from "./said";
import { BoundPanel, ProblemsPanel, ReadyPanel } from "./side";
import type { CheckedText } from "./use-checked";
import type { Draft } from "./use-draft";

type Props = {
  policyId: string;
  draft: Draft;
  checked: CheckedText;
  /** A version of it is in observe now. */
  observing: boolean;
  /** A rule to open at. */
  rule: string | null;
  onSave: () => void;
};
type GoTo = { at: number; n: number; focus: boolean };

export function DocumentTab({ policyId, draft, checked, observing, rule, onSave }: Props) {
  const { environment, may } = usePlace();
  const allowed = may["policies.write"] === true;
  const schema = useQuery(schemaQuery(environment.slug));
  const names = useEditorNames(environment.slug);
  const [place, setPlace] = useState<Place>({ line: 1, column: 1 });
  const [goTo, setGoTo] = useState<GoTo | null>(() => {
    const at = rule === null ? null : positionOf(draft.text, rule);
    return at && { at: at.from, n: 0, focus: false };
  });
  const { problems } = checked;
  const go = (problem: Problem) => setGoTo({ at: problem.from, n: (goTo?.n ?? 0) + 1, focus: true });
  const lines = draft.text.replace(/\n+$/, "").split("\n").length;
  return (
    <Split side={372}>
      <Panel
        title={`${policyId}.${draft.format}`}
        sub={counted(lines, "line")}
        right={
          <SegmentedControl
            aria-label="Notation"
            data={[
              { value: "yaml", label: "YAML" },
              { value: "json", label: "JSON" },
            ]}
            value={draft.format}
            disabled={!checked.parsed.ok}
            onChange={(value) => draft.setFormat(value === "json" ? "json" : "yaml")}
          />
        }
        foot={<Foot {...{ checked, place, allowed }} />}
      >
        {rule !== null && !goTo && (
          <Note flat tone="warn">
            This version says nothing at <b>{rule}</b>.
          </Note>
        )}
        {draft.behind && (
          <Note
            flat
            tone="warn"
            right={
              <button type="button" className={s.link} onClick={draft.rebase}>
                Save over it
              </button>
            }
          >
            <b>Somebody saved another version while you wrote.</b> The tab Diff shows it against your text. Discard
            yours, or save it over theirs.
          </Note>
        )}
        {draft.lostComments && (
          <Note flat>JSON has no comments: those of the YAML are not in it. Save it as YAML to keep them.</Note>
        )}
        <Editor
          label={`Policy document ${policyId}`}
          text={draft.text}
          format={draft.format}
          readOnly={!allowed}
          problems={problems}
          schema={schema.data}
          names={names}
          goTo={goTo}
          onChange={draft.setText}
          onPlace={setPlace}
          onSave={onSave}
        />
      </Panel>
      <Column>
        <ProblemsPanel text={draft.text} problems={problems} onGo={go} />
        <BoundPanel checked={checked} />
        <ReadyPanel checked={checked} />
        <Note tone={observing ? "bad" : "plain"} icon={<IconEye size={17} aria-hidden />}>
          In <b>observe</b> it decides and records, and blocks nothing. Agents do not notice.
        </Note>
      </Column>
    </Split>
  );
}

function useEditorNames(slug: string) {
  const known = useNames(slug);
  const tools = useQuery(namesQuery(slug, "tool"));
  const connectors = useQuery(namesQuery(slug, "connector"));
  return {
    ...known,
    tool: tools.data?.items.map((each) => each.name) ?? [],
    connector: connectors.data?.items.map((each) => each.name) ?? [],
  };
}
