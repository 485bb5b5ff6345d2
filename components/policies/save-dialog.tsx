"use client";

import { Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import type { PolicyState, PolicyVersionShape } from "@/lib/policies/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { counted } from "../kit/numbers";
import { KeyValue } from "../kit/panel";
import { detailOf } from "../runs/problem";
import { Described, FormDialog } from "../tenancy/dialog";
import { Binds } from "./binds";
import { DiffLines } from "./diff/diff-lines";
import { countOf, diffLines } from "./diff/lines";
import { bodyOf, parseText, textIn, withKey } from "./document/text";
import type { CheckedText } from "./document/use-checked";
import type { Draft } from "./document/use-draft";
import { DryRunGroups } from "./dry-run";
import s from "./policies.module.css";
import { putPolicy, type Saved } from "./queries";
import { STATE_WORDS } from "./words";

export type SaveState = Extract<PolicyState, "draft" | "observe" | "enforce">;
const STATES: SaveState[] = ["draft", "observe", "enforce"];
const LABELS: Record<SaveState, string> = { draft: "Draft", observe: "Observe first", enforce: "Enforce" };
const VERBS: Record<SaveState, string> = { draft: "Save draft", observe: "Observe", enforce: "Enforce" };

type Props = {
  policyId: string;
  draft: Draft;
  checked: CheckedText;
  latest: PolicyVersionShape;
  /** The version that decides now, to compare with. */
  inForce: PolicyVersionShape | undefined;
  start: SaveState;
  onClose: () => void;
};

/** Draft, observe or enforce: with what changes, what it would have changed, and whom it binds, before anything does. */
export function SaveDialog({ policyId, draft, checked, latest, inForce, start, onClose }: Props) {
  const { slug } = usePlace().environment;
  const [state, setState] = useState(start);
  const [note, setNote] = useState("");
  const next = latest.version + 1;
  const act = useAct<null, Saved>({
    topics: ["policies"],
    run: () => {
      const text = withKey(draft.text, draft.format, "state", state);
      return putPolicy(slug, { policyId, text, format: draft.format }, { note: note.trim(), base: draft.base });
    },
    said: (answer) => `${policyId}, version ${answer.version}: ${answer.state}`,
    done: () => {
      draft.discard();
      onClose();
    },
  });
  const behind = act.error instanceof ApiProblem && act.error.status === 412;
  const verb = state === "draft" ? VERBS.draft : `${VERBS[state]} version ${next}`;
  return (
    <FormDialog
      opened
      size={760}
      onClose={onClose}
      title={`${policyId}, version ${next}`}
      submit={verb}
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim() !== "") act.mutate(null);
      }}
      busy={act.isPending}
      disabled={note.trim() === "" || checked.errors > 0}
      error={
        behind
          ? "Somebody saved another version while you wrote. Cancel, look at the tab Diff, then discard yours or save it over theirs."
          : detailOf(act.error)
      }
    >
      <Radio.Group
        label="In which state"
        value={state}
        onChange={(value) => setState(STATES.find((each) => each === value) ?? start)}
      >
        <div className={s.choices}>
          {STATES.filter((each) => draft.dirty || each !== "draft").map((each) => (
            <Radio
              key={each}
              value={each}
              label={<Described name={LABELS[each]} what={STATE_WORDS[each]} />}
              className={each === "observe" ? s.observe : undefined}
            />
          ))}
        </div>
      </Radio.Group>
      <TextInput
        label="Note"
        description="Required. Why it changes: it stands with the version and in the audit."
        value={note}
        maxLength={300}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      {state !== "draft" && <Consequences {...{ draft, checked, inForce, state }} />}
    </FormDialog>
  );
}

function Consequences(props: Pick<Props, "draft" | "checked" | "inForce"> & { state: SaveState }) {
  const { draft, checked, inForce, state } = props;
  const parsed = parseText(draft.text, draft.format);
  const body = parsed.ok ? bodyOf(parsed.value) : {};
  const bindings = Array.isArray(body.bindings) ? body.bindings : [];
  const lines = inForce
    ? diffLines(textIn(inForce, draft.format), withKey(draft.text, draft.format, "state", state))
    : [];
  const { added, removed } = countOf(lines);
  const run = checked.checked?.valid ? checked.checked.dry_run : null;
  return (
    <>
      <KeyValue
        items={[
          { term: "Binds", value: <Binds bindings={bindings} /> },
          {
            term: "Changes",
            value: inForce
              ? `${counted(added, "line")} added, ${removed} removed, against version ${inForce.version}, which decides now`
              : "No version decides now: this is the first.",
          },
        ]}
      />
      {inForce && added + removed > 0 && (
        <div className={s.frame}>
          <DiffLines lines={lines} label={`Against version ${inForce.version}`} />
        </div>
      )}
      <div className={s.frame}>
        {run ? (
          <DryRunGroups run={run} />
        ) : (
          <p className={s.quiet} role="status">
            {checked.checking ? "Judging the last 30 days …" : "There is no dry run of this text."}
          </p>
        )}
      </div>
    </>
  );
}
