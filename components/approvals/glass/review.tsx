"use client";

import { Button } from "@mantine/core";
import { IconHammer } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CaseShape } from "@/lib/approvals/schema";
import { api } from "../../api";
import { usePlace } from "../../frame/place";
import { ConfirmReason } from "../../kit/confirm";
import { ExactTime } from "../../kit/time";
import { detailOf } from "../../runs/problem";
import bar from "../decide/bar.module.css";
import { Outcome } from "../parts";
import { countsQuery } from "../queries";
import { SaidLine, useSay } from "../said";
import { nameOf } from "../words";

/** Broken glass waits here until a person has said what came of it. */
export function ReviewFoot({ of, onGone }: { of: CaseShape; onGone: (ids: string[]) => void }) {
  const { environment, may, person } = usePlace();
  const { slug } = environment;
  const client = useQueryClient();
  const say = useSay();
  const [opened, setOpened] = useState(false);
  const counts = useQuery(countsQuery(slug)).data;
  const own = of.settled_by === person.name && counts?.self_approval === false;
  const allowed = may["approvals.break_glass"] === true && !own;
  const close = useMutation({
    mutationFn: (note: string) =>
      api(slug).post<{ audit_row?: number }>(`/approvals/${encodeURIComponent(of.id)}/review`, { note }),
    onSuccess: async (answer) => {
      setOpened(false);
      say({ tone: "good", text: `The review of ${nameOf(of)} is closed.`, row: answer.audit_row });
      onGone([of.id]);
      await client.invalidateQueries({ queryKey: [slug, "approvals"] });
    },
  });
  return (
    <div className={bar.closed}>
      <SaidLine />
      <p>
        <IconHammer size={15} aria-hidden /> <b>{of.settled_by ?? "Somebody"}</b> broke glass{" "}
        {of.settled_at && <ExactTime at={of.settled_at} />}
        {of.settle_reason && `: “${of.settle_reason}”`}. <Outcome status={of.status} />
        {own
          ? ". You broke it: somebody else closes the review."
          : !allowed && ". Closing its review needs a role beyond viewer here."}
      </p>
      {allowed && (
        <Button size="lg" variant="filled" onClick={() => setOpened(true)}>
          Close the review…
        </Button>
      )}
      <ConfirmReason
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Review of ${nameOf(of)}`}
        reasonLabel="What came of it"
        reasonHint="Was it right, what did it do, what changes. It stands in the audit under your name."
        confirmLabel="Close the review"
        facts={[
          { term: "Broken by", value: of.settled_by ?? "–" },
          { term: "Because", value: of.settle_reason ?? "–" },
          { term: "Since then", value: of.status === "used" ? "the call was made" : "the call was not made" },
        ]}
        busy={close.isPending}
        error={detailOf(close.error)}
        onConfirm={(note) => close.mutate(note)}
      >
        The arguments, the ladder that was passed and the run stand behind this dialog.
      </ConfirmReason>
    </div>
  );
}
