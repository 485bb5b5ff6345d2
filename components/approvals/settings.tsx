"use client";

import { ActionIcon } from "@mantine/core";
import { IconSettings, IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { CountsShape } from "@/lib/approvals/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { Note } from "../kit/note";
import { detailOf } from "../runs/problem";

/** For an installation of one person: whether people may approve what they asked for themselves. */
const useSelfApproval = (done: () => void) =>
  useAct({
    topics: ["approvals"],
    run: (call, given: { self_approval: boolean; reason: string }) =>
      call.put<{ audit_row?: number }>("/approvals/settings", given),
    said: (_, { self_approval }) =>
      self_approval
        ? { tone: "warn", title: "People may approve what they asked for" }
        : "Nobody approves what they asked for",
    done,
  });

export function SettingsButton({ counts }: { counts: CountsShape | undefined }) {
  const { environment, may } = usePlace();
  const [opened, setOpened] = useState(false);
  const act = useSelfApproval(() => setOpened(false));
  if (!counts || !may["approvals.configure"]) return null;
  const on = counts.self_approval;
  return (
    <>
      <ActionIcon size={24} aria-label="Self-approval…" title="Self-approval…" onClick={() => setOpened(true)}>
        <IconSettings size={16} aria-hidden />
      </ActionIcon>
      <ConfirmReason
        opened={opened}
        onClose={() => setOpened(false)}
        tone={on ? "plain" : "warn"}
        title={on ? "Turn self-approval off" : "Turn self-approval on"}
        confirmLabel={on ? "Turn it off" : `Turn it on in ${environment.name}`}
        busy={act.isPending}
        error={detailOf(act.error)}
        onConfirm={(reason) => act.mutate({ self_approval: !on, reason })}
      >
        {on
          ? "From then on nobody decides what they, their key or their key's owner asked for."
          : "Only for an installation of one person: whoever asks may then also say yes. It stays written on this page while it is on."}
      </ConfirmReason>
    </>
  );
}

/** Stands on the page for everyone while it is on. */
export function SelfApprovalNote({ counts }: { counts: CountsShape | undefined }) {
  if (!counts?.self_approval) return null;
  return (
    <Note flat tone="warn" icon={<IconUserCheck size={17} aria-hidden />}>
      <b>Self-approval is on.</b> People may approve what they asked for.
    </Note>
  );
}
