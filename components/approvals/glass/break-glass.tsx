"use client";

import { Button, Modal, Textarea } from "@mantine/core";
import { IconHammer } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { CaseShape } from "@/lib/approvals/schema";
import type { StateShape } from "@/lib/controls/schema";
import { api } from "../../api";
import { stateQuery } from "../../controls/queries";
import { usePlace } from "../../frame/place";
import { type Check, Checks } from "../../kit/checks";
import { wordsOf } from "../../runs/problem";
import { covers } from "../covers";
import { useSay } from "../said";
import { nameOf, stageName, whoOf } from "../words";
import s from "./glass.module.css";

const LEAST = 20;

/** Past its ladder, for one case and a quarter of an hour: amber, since red is for stopping. */
export function BreakGlass({ of, onClose, onDone }: { of: CaseShape; onClose: () => void; onDone: () => void }) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const say = useSay();
  const state = useQuery(stateQuery(slug)).data;
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const given = reason.trim().length >= LEAST;
  const act = useMutation({
    mutationFn: () =>
      api(slug).post<{ audit_row?: number }>(`/approvals/${encodeURIComponent(of.id)}/break-glass`, {
        reason: reason.trim(),
      }),
    onSuccess: async (answer) => {
      say({
        tone: "warn",
        text: `Glass is broken for ${nameOf(of)}. It holds for 15 minutes; its review is open.`,
        row: answer.audit_row,
      });
      onClose();
      onDone();
      await client.invalidateQueries({ queryKey: [slug, "approvals"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!given) field.current?.focus();
    else if (!act.isPending) act.mutate();
  };
  const skipped = of.stages.slice(of.stage).map((stage, n) => stageName(stage, of.stage + n));
  return (
    <Modal.Root opened onClose={act.isPending ? () => undefined : onClose} size={560} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={s.head}>
          <IconHammer size={22} aria-hidden />
          <Modal.Title className={s.title}>{`Break glass: ${nameOf(of)}, ${whoOf(of)}`}</Modal.Title>
        </div>
        <Modal.Body>
          <form onSubmit={submit}>
            <div className={s.body}>
              <p className={s.words}>
                You approve this one case past its ladder. {skipped.length > 0 && `Skipped: ${skipped.join(", ")}. `}It
                is valid for <b>15 minutes</b>, for these bytes, once, in its run.
              </p>
              <div className={s.checks}>
                <Checks items={checksOf(of, state)} />
              </div>
              <Textarea
                ref={field}
                data-autofocus
                label="Why now"
                description={`Required, ${LEAST} characters or more. Everyone sees it.`}
                required
                withAsterisk={false}
                autosize
                minRows={2}
                maxLength={1000}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                error={tried && !given ? "Say why it cannot wait for those who are asked." : undefined}
              />
              <p className={s.meta}>
                It is loud: it stands first on this page for everyone, with your name, until a person has closed its
                review.
              </p>
              {act.isError && (
                <p className={s.error} role="alert">
                  {wordsOf(act.error)}
                </p>
              )}
            </div>
            <div className={s.foot}>
              <Button size="lg" onClick={onClose} disabled={act.isPending}>
                Cancel
              </Button>
              <Button size="lg" type="submit" variant="filled" loading={act.isPending}>
                Break glass for this one case
              </Button>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** What is known here; the rest is judged when the agent asks again, and a no there stays a no. */
function checksOf(of: CaseShape, state: StateShape | undefined): Check[] {
  const set = state?.switches.find((each) => covers(each, of));
  return [
    set || of.frozen_at
      ? {
          id: "switch",
          state: "no",
          what: "A switch covers this call",
          why: `${set ? `“${set.reason}”, ${set.set_by_name}. ` : ""}Broken glass does not lift it.`,
        }
      : { id: "switch", state: "ok", what: "No switch covers this call", why: `${of.agent_id} is not held` },
    {
      id: "deny",
      state: "open",
      what: "No policy may deny it, no hard cap may be reached",
      why: "asked again when the agent calls; broken glass passes neither",
    },
    of.compensation
      ? { id: "undo", state: "ok", what: `It can be undone by ${of.compensation}` }
      : {
          id: "undo",
          state: "warn",
          what: of.effect === "irreversible" ? "Irreversible, no compensation" : "No compensation is declared",
          why: "a mistake stays a mistake",
        },
  ];
}
