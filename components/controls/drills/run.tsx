"use client";

import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { DrillShape, StateShape } from "@/lib/controls/schema";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { KeyValue } from "../../kit/panel";
import { wordsOf } from "../../runs/problem";
import { FormDialog } from "../../tenancy/dialog";
import { previewQuery, stateQuery } from "../queries";
import s from "./drills.module.css";

/** Whom, why, and plainly what it does; the drill itself is followed on the panel. */
export function RunDrill({ agentId, onClose }: { agentId: string; onClose: () => void }) {
  const { slug } = usePlace().environment;
  const all = useQuery(previewQuery(slug, { kind: "environment", key: null }));
  const state = useQuery(stateQuery(slug));
  const [agent, setAgent] = useState<string | null>(agentId || (state.data?.drill?.agent_id ?? null));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const what = useQuery(previewQuery(slug, { kind: "agent", key: agent })).data;
  const connected = (all.data?.agents ?? []).filter((each) => each.instances > 0 || each.runs > 0);
  const names = connected.map((each) => each.agent_id).filter((name) => name !== "unknown");
  const here = agent !== null && names.includes(agent);
  const start = useAct({
    topics: ["controls", "runs"],
    run: (call, input: { agent_id: string; reason: string }) =>
      call.post<DrillShape & { audit_row: number }>("/drills", input),
    said: (drill) => `The drill of ${drill.agent_id} runs`,
    done: onClose,
  });
  const given = reason.trim().length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (agent !== null && given) start.mutate({ agent_id: agent, reason: reason.trim() });
  };
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={agent ? `Drill: stop agent ${agent} for real` : "Drill: stop an agent for real"}
      submit={agent ? `Stop ${agent} now` : "Stop it now"}
      destructive
      busy={start.isPending}
      error={start.isError ? wordsOf(start.error) : undefined}
      onSubmit={submit}
    >
      <Select
        label="Agent"
        description="Those that are connected now: with nobody to tell, nothing would be proven."
        placeholder={
          all.isPending ? "Looking who is connected…" : names.length > 0 ? "Which agent?" : "None is connected"
        }
        data={agent !== null && !here ? [agent, ...names] : names}
        searchable
        data-autofocus
        value={agent}
        onChange={setAgent}
        error={
          tried && agent === null
            ? "Name the agent"
            : agent !== null && all.data && !here
              ? "It is not connected now: its drill would be refused."
              : undefined
        }
      />
      <TextInput
        label="Why"
        description="Required. Everyone sees it, the agent too."
        maxLength={900}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && !given ? "Say in a few words why" : undefined}
        autoComplete="off"
      />
      <KeyValue items={consequences(agent, what, state.data)} />
      <p className={s.words}>Calls that have begun will finish, and what is written stays written.</p>
    </FormDialog>
  );
}

function consequences(
  agent: string | null,
  what: { runs: number; instances: number } | undefined,
  state: StateShape | undefined,
) {
  const limit = Math.max(60, 3 * (state?.settings.ttl_s ?? 30));
  const runs = agent && what ? `Its ${counted(what.runs, "running run")}` : "Its running runs";
  const instances = agent && what ? `all ${counted(what.instances, "connected instance")}` : "all connected instances";
  return [
    { term: "Now", value: `${runs}, and those they began, end with kill_switch. None starts.` },
    { term: "Proven", value: `when ${instances} and all runs have confirmed it` },
    { term: "Failed", value: `when they have not within ${limit} s; people are told who` },
    { term: "Then", value: "the agent is released by itself; ended runs stay ended" },
  ];
}
