"use client";

import { Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import type { PolicyVersionShape } from "@/lib/policies/schema";
import { useAct } from "../frame/act";
import { detailOf } from "../runs/problem";
import { Described, FormDialog } from "../tenancy/dialog";
import { DiffLines } from "./diff/diff-lines";
import { diffLines } from "./diff/lines";
import { textIn } from "./document/text";
import s from "./policies.module.css";
import type { Saved } from "./queries";
import { STATE_WORDS } from "./words";

type Props = {
  policyId: string;
  to: PolicyVersionShape | null;
  newest: PolicyVersionShape | undefined;
  onClose: () => void;
};
const STATES = ["enforce", "observe", "draft"] as const;

export function RollBack({ to, newest, ...rest }: Props) {
  return to && newest ? <Dialog key={to.version} {...rest} to={to} newest={newest} /> : null;
}

function Dialog(props: Props & { to: PolicyVersionShape; newest: PolicyVersionShape }) {
  const { policyId, to, newest, onClose } = props;
  const [state, setState] = useState<(typeof STATES)[number]>("enforce");
  const [note, setNote] = useState(`Back to version ${to.version}`);
  const next = newest.version + 1;
  const act = useAct<null, Saved>({
    topics: ["policies"],
    run: (call) =>
      call.post(`/policies/${encodeURIComponent(policyId)}/roll-back`, {
        version: to.version,
        note: note.trim(),
        state,
      }),
    said: (answer) => `${policyId} is version ${answer.version}, with the text of version ${to.version}`,
    done: onClose,
  });
  return (
    <FormDialog
      opened
      size={720}
      onClose={onClose}
      title={`Roll ${policyId} back to version ${to.version}`}
      submit={`Make it version ${next}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim() !== "") act.mutate(null);
      }}
      busy={act.isPending}
      disabled={note.trim() === ""}
      error={detailOf(act.error)}
    >
      <div className={s.frame}>
        <DiffLines
          label={`From version ${newest.version} to version ${to.version}`}
          lines={diffLines(textIn(newest, to.format), textIn(to, to.format))}
        />
      </div>
      <Radio.Group
        label="In which state"
        value={state}
        onChange={(value) => setState(STATES.find((each) => each === value) ?? "enforce")}
      >
        <div className={s.choices}>
          {STATES.map((each) => (
            <Radio
              key={each}
              value={each}
              label={<Described name={each} what={STATE_WORDS[each]} />}
              className={each === "observe" ? s.observe : undefined}
            />
          ))}
        </div>
      </Radio.Group>
      <TextInput
        label="Why"
        description="Required. It stands with the version and in the audit."
        value={note}
        maxLength={300}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
