"use client";

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SwitchShape } from "@/lib/controls/schema";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { notify } from "../kit/notify";
import { wordsOf } from "../runs/problem";
import { auditHref, blocks, nameOf } from "./words";

/** Lets go of what a person set, with a reason. `big` is the act of a page, not of a row. */
export function Release({ set, big }: { set: SwitchShape; big?: boolean }) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const name = nameOf(set.scope, environment.name);
  const release = useMutation({
    mutationFn: (reason: string) =>
      api(slug).post<{ revision: number; audit_row: number }>(`/switches/${set.switch_id}/release`, { reason }),
    onSuccess: async (answer) => {
      setOpened(false);
      notify({
        tone: "good",
        title: `${name} is released`,
        message: "Agents hear it when they next ask. ",
        audit: { label: `Audit row ${answer.audit_row}`, href: auditHref(slug, set.switch_id) },
      });
      await client.invalidateQueries({ queryKey: [slug, "controls"] });
    },
  });
  const allowed = may["control.set"] === true;
  return (
    <>
      <Button
        size={big ? "sm" : "xs"}
        disabled={!allowed}
        title={allowed ? undefined : "It needs the role operator or admin here."}
        aria-label={`Release ${name}…`}
        onClick={() => setOpened(true)}
      >
        Release…
      </Button>
      <ConfirmReason
        opened={opened}
        onClose={() => setOpened(false)}
        tone="warn"
        title={`Release ${name}`}
        confirmLabel={`Release ${name}`}
        facts={[
          { term: "Set for", value: set.reason },
          { term: "Set by", value: set.set_by_name },
        ]}
        busy={release.isPending}
        error={release.isError ? wordsOf(release.error) : undefined}
        onConfirm={(reason) => release.mutate(reason)}
      >
        {blocks(set.scope.kind)
          ? "Its calls are allowed again, unless another switch covers them."
          : set.mode === "stop"
            ? "New runs may start again. Runs that were stopped stay ended: nothing starts them for you."
            : set.mode === "pause"
              ? "Runs that were held go on where they are."
              : "All tools are open again, as policies allow."}
      </ConfirmReason>
    </>
  );
}
