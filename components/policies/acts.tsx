"use client";

import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArchive, IconDots, IconEye, IconHelpCircle, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import type { PolicyShape, PolicyVersionShape } from "@/lib/policies/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import { BindDialog } from "./bind-dialog";
import { bodyOf, parseText } from "./document/text";
import type { Draft } from "./document/use-draft";
import { firstBound } from "./effective/effective-tab";
import { TryCall } from "./effective/try-call";
import s from "./policies.module.css";
import type { Saved } from "./queries";
import type { SaveState } from "./save-dialog";
import { boundWords, NEEDS } from "./words";

type Props = {
  policy: PolicyShape;
  latest: PolicyVersionShape;
  draft: Draft;
  errors: number;
  editing: boolean;
  onEdit: () => void;
  onSave: (state: SaveState) => void;
};
type Open = "discard" | "bind" | "retire" | "try" | null;

/** What can be done now: with a text that is not saved, save or discard it; else bring the newest version into force. */
export function PolicyActs({ policy, latest, draft, errors, editing, onEdit, onSave }: Props) {
  const { may } = usePlace();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (!may["policies.write"])
    return (
      <>
        <Button disabled title={NEEDS}>
          Edit
        </Button>
        <span className={s.note}>{NEEDS}</span>
      </>
    );
  const { latest_state: state, latest_version: version } = policy;
  const parsed = parseText(draft.text, draft.format);
  const waits = errors > 0 ? "The document has errors" : undefined;
  return (
    <>
      {!editing && <Button onClick={onEdit}>Edit</Button>}
      {draft.dirty ? (
        <>
          <Button onClick={() => setOpen("discard")}>Discard…</Button>
          <Button variant="filled" disabled={errors > 0} title={waits} onClick={() => onSave("draft")}>
            Save…
          </Button>
        </>
      ) : (
        <>
          {(state === "draft" || state === "retired") && (
            <Button
              leftSection={<IconEye size={15} aria-hidden />}
              disabled={errors > 0}
              title={waits}
              onClick={() => onSave("observe")}
            >
              Observe first…
            </Button>
          )}
          {state !== "enforce" && (
            <Button variant="filled" disabled={errors > 0} title={waits} onClick={() => onSave("enforce")}>
              Enforce…
            </Button>
          )}
        </>
      )}
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More acts" variant="default" size={30}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconHelpCircle size={15} aria-hidden />}
            disabled={errors > 0}
            onClick={() => setOpen("try")}
          >
            Try a call with this text…
          </Menu.Item>
          {draft.dirty && <Menu.Label>Save or discard the text first</Menu.Label>}
          <Menu.Item
            leftSection={<IconUsersGroup size={15} aria-hidden />}
            disabled={draft.dirty}
            onClick={() => setOpen("bind")}
          >
            Bind…
          </Menu.Item>
          {state !== "retired" && (
            <Menu.Item
              leftSection={<IconArchive size={15} aria-hidden />}
              disabled={draft.dirty}
              onClick={() => setOpen("retire")}
            >
              Retire…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <FormDialog
        opened={open === "discard"}
        onClose={close}
        title="Discard what is not saved"
        closeLabel="Keep it"
        submit="Discard"
        destructive
        onSubmit={(event) => {
          event.preventDefault();
          draft.discard();
          close();
        }}
      >
        <p>The text goes back to version {version}. What you wrote since is gone.</p>
      </FormDialog>
      <TryCall
        who={firstBound(policy)}
        document={parsed.ok ? bodyOf(parsed.value) : undefined}
        opened={open === "try"}
        onClose={close}
      />
      {open === "bind" && <BindDialog policy={policy} latest={latest} onClose={close} />}
      <Retire policy={policy} opened={open === "retire"} onClose={close} />
    </>
  );
}

function Retire({ policy, opened, onClose }: { policy: PolicyShape; opened: boolean; onClose: () => void }) {
  const act = useAct<string, Saved>({
    topics: ["policies"],
    run: (call, note) =>
      call.post(`/policies/${encodeURIComponent(policy.policy_id)}/state`, { state: "retired", note }),
    said: () => `${policy.policy_id} is retired`,
    done: onClose,
  });
  return (
    <ConfirmReason
      opened={opened}
      onClose={onClose}
      title={`Retire ${policy.policy_id}`}
      tone="warn"
      confirmLabel={`Retire ${policy.policy_id}`}
      facts={[{ term: "It is", value: boundWords(policy.bindings) }]}
      busy={act.isPending}
      error={detailOf(act.error)}
      onConfirm={(reason) => act.mutate(reason)}
    >
      It no longer decides: other documents that bind its callers go on, and whoever is bound by none falls to the
      default document, else every call is denied. Its versions stay and can be rolled back to.
    </ConfirmReason>
  );
}
