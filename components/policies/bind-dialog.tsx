"use client";

import { ActionIcon, Autocomplete, Button, Checkbox, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { PolicyShape, PolicyVersionShape } from "@/lib/policies/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import s from "./bind.module.css";
import { withKey } from "./document/text";
import { putPolicy, type Saved } from "./queries";
import { useNames } from "./use-names";

type Binding = PolicyShape["bindings"][number];
type Line = { id: number; agent_id: string; task_type: string; tenant_id: string };

const lineOf = (binding: Binding, id: number): Line => ({
  id,
  agent_id: binding.agent_id ?? "",
  task_type: binding.task_type ?? "",
  tenant_id: binding.tenant_id ?? "",
});
const bindingOf = ({ agent_id, task_type, tenant_id }: Line): Binding => ({
  ...(agent_id.trim() && { agent_id: agent_id.trim() }),
  ...(task_type.trim() && { task_type: task_type.trim() }),
  ...(tenant_id.trim() && { tenant_id: tenant_id.trim() }),
});

/** Who a policy speaks for: each line is one caller, its parts all hold; `*` stands for any characters. */
export function BindDialog(props: { policy: PolicyShape; latest: PolicyVersionShape; onClose: () => void }) {
  const { policy, latest, onClose } = props;
  const { slug } = usePlace().environment;
  const [all, setAll] = useState(policy.bindings.some((each) => each.environment));
  const [lines, setLines] = useState<Line[]>(policy.bindings.filter((each) => !each.environment).map(lineOf));
  const [note, setNote] = useState("");
  const names = useNames(slug);
  const said = useId();
  const bindings: Binding[] = [
    ...(all ? [{ environment: true }] : []),
    ...lines.map(bindingOf).filter((each) => Object.keys(each).length > 0),
  ];
  const act = useAct<null, Saved>({
    topics: ["policies"],
    // by the text, so that its comments and its order stay
    run: () => {
      const { format, version, state } = latest;
      const text = withKey(withKey(latest.source, format, "bindings", bindings), format, "state", state);
      return putPolicy(slug, { policyId: policy.policy_id, text, format }, { note: note.trim(), base: version });
    },
    said: (answer) => `${policy.policy_id} binds anew, version ${answer.version}`,
    done: onClose,
  });
  const set = (id: number, part: keyof Omit<Line, "id">, value: string) =>
    setLines(lines.map((line) => (line.id === id ? { ...line, [part]: value } : line)));
  return (
    <FormDialog
      opened
      size={720}
      onClose={onClose}
      title={`Whom ${policy.policy_id} binds`}
      submit="Bind"
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim() !== "") act.mutate(null);
      }}
      busy={act.isPending}
      disabled={note.trim() === ""}
      error={detailOf(act.error)}
    >
      <p id={said} className={s.words}>
        Each line binds callers that fit all of it. Where several policies bind a call, the narrower wins and can only
        tighten. It makes a new version.
      </p>
      <fieldset className={s.lines} aria-describedby={said}>
        <legend>Callers</legend>
        {lines.map((line, n) => (
          <div key={line.id} className={s.line}>
            {(["agent_id", "task_type", "tenant_id"] as const).map((part) => (
              <Autocomplete
                key={part}
                size="sm"
                label={LABELS[part]}
                aria-label={`${LABELS[part]}, line ${n + 1}`}
                placeholder="any"
                data={names[part]}
                value={line[part]}
                maxLength={200}
                onChange={(value) => set(line.id, part, value)}
              />
            ))}
            <ActionIcon
              aria-label={`Remove line ${n + 1}`}
              onClick={() => setLines(lines.filter((each) => each.id !== line.id))}
            >
              <IconX size={15} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Button
          size="xs"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => setLines([...lines, lineOf({}, Math.max(0, ...lines.map((each) => each.id)) + 1)])}
        >
          Add a caller
        </Button>
      </fieldset>
      <Checkbox
        label="Whoever no other document binds"
        description="The default of the environment: a fallback, not a layer."
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
      {bindings.length === 0 && <p className={s.none}>It will bind nobody, and decide nothing.</p>}
      <TextInput
        label="Note"
        description="Required. It stands with the version and in the audit."
        value={note}
        maxLength={300}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

const LABELS = { agent_id: "Agent", task_type: "Task type", tenant_id: "Tenant" } as const;
