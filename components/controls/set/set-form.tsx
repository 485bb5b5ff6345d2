"use client";

import { Select, TextInput } from "@mantine/core";
import { IconHandStop, IconPlayerPause, IconShieldHalf } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import type { PreviewShape, SetSwitch } from "@/lib/controls/schema";
import { api } from "../../api";
import { usePlace } from "../../frame/place";
import { ConfirmStop } from "../../kit/confirm";
import { K } from "../../kit/kbd";
import { counted, duration } from "../../kit/numbers";
import { wordsOf } from "../../runs/problem";
import { previewQuery } from "../queries";
import { controlParams, type Scope, type SetMode } from "../search-params";
import { actWords, blocks, confirmWords, effectWords, KIND_WORDS, titleWords } from "../words";
import { ModeCards } from "./mode-cards";
import { ScopeList } from "./scope-list";
import s from "./set.module.css";
import { WhatWillStop } from "./what";

const ICONS = { stop: IconHandStop, pause: IconPlayerPause, safe_mode: IconShieldHalf } as const;
const TIMES = [
  { value: "0", label: "I release it" },
  { value: "900", label: "15 min" },
  { value: "3600", label: "1 h" },
  { value: "14400", label: "4 h" },
];
const LOOK_AGAIN = TIMES.map((time) =>
  time.value === "0" ? { ...time, label: "No date" } : { ...time, label: `in ${time.label}` },
);

/** Mode, scope, reason, and what it would do; the act itself is one step further. */
export function SetForm() {
  const { environment, may } = usePlace();
  const { slug, name } = environment;
  const router = useRouter();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [{ mode: asked, scope }, setParams] = useQueryStates(
    { mode: controlParams.mode, scope: controlParams.scope },
    { history: "replace" },
  );
  const mode: SetMode = blocks(scope.kind) ? "stop" : asked;
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("0");
  const [tried, setTried] = useState(false);
  const [sure, setSure] = useState(false);
  const preview = useQuery(previewQuery(slug, scope));
  const set = useMutation({
    mutationFn: (input: SetSwitch) => api(slug).post<{ switch_id: string }>("/switches", input),
    onSuccess: ({ switch_id }) => {
      void client.invalidateQueries({ queryKey: [slug, "controls"] });
      router.push(`/${slug}/controls/${switch_id}`);
    },
  });
  const allowed = may["control.set"] === true;
  const named = scope.kind === "environment" || Boolean(scope.key);
  const given = reason.trim().length > 0;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    setTried(true);
    if (!allowed) return;
    if (named && given) {
      set.reset();
      setSure(true);
    } else form.current?.querySelector<HTMLElement>(named ? "[data-reason]" : `.${s.picker} input`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
    // Enter in a field that offers names chooses a name; it must not send the form.
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  };
  const Icon = ICONS[mode];
  const stop = mode === "stop";
  const act = actWords(mode, scope, name);
  return (
    <form ref={form} className={s.form} onSubmit={submit} onKeyDown={onKeyDown} noValidate aria-label="Set a switch">
      <section className={s.compose} aria-labelledby="compose-title">
        <header className={s.panelHead}>
          <h2 id="compose-title">Stop, pause or narrow</h2>
          <span>Step 1 of 2, nothing is sent yet</span>
        </header>
        <ModeCards
          value={mode}
          only={
            blocks(scope.kind) ? `A ${scope.kind} can only be blocked: its calls are refused, runs go on.` : undefined
          }
          onChange={(next) => void setParams({ mode: next })}
        />
        <ScopeList
          value={scope}
          error={tried && !named ? `Name the ${KIND_WORDS[scope.kind].plain}` : undefined}
          onChange={(next) => void setParams({ scope: next })}
        />
        <div className={s.field}>
          <div className={s.why2}>
            <TextInput
              data-reason
              label="Why"
              description="required, everyone sees it"
              inputWrapperOrder={["label", "description", "input", "error"]}
              maxLength={1000}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              error={tried && !given ? "Say in a few words why" : undefined}
              autoComplete="off"
            />
            <Select
              label={stop ? "Look again at" : "Until"}
              description={stop ? "a stop never lapses" : "then it lapses by itself"}
              data={stop ? LOOK_AGAIN : TIMES}
              value={until}
              allowDeselect={false}
              onChange={(next) => setUntil(next ?? "0")}
            />
          </div>
        </div>
      </section>
      <div className={s.consequences}>
        <WhatWillStop mode={mode} scope={scope} />
      </div>
      <div className={s.go}>
        <p className={s.brief} aria-hidden>
          {brief(preview.data, scope)}
        </p>
        <button type="submit" className={s.big} data-mode={mode} disabled={!allowed}>
          <Icon size={20} aria-hidden />
          <span>{act}…</span>
        </button>
        <span className={s.goHint}>
          {!allowed ? (
            "It needs the role operator or admin in this environment. An administrator can give it under Settings."
          ) : (
            <>
              {stop && scope.kind === "environment" ? "You will type its name to confirm." : "One more step follows."}{" "}
              <K>⌘</K> <K>↵</K>
            </>
          )}
        </span>
      </div>
      <ConfirmStop
        opened={sure}
        onClose={() => setSure(false)}
        tone={stop ? "stop" : "warn"}
        title={titleWords(mode, scope, name)}
        counts={countsOf(preview.data, mode, scope)}
        facts={[
          { term: "Reason", value: reason.trim() },
          { term: stop ? "Look again" : "Until", value: untilWords(stop, until) },
          { term: "Audit", value: "one row, under your name" },
        ]}
        typeName={scope.kind === "environment" ? name : undefined}
        confirmLabel={confirmWords(mode, scope, preview.data)}
        busy={set.isPending || set.isSuccess}
        error={set.isError ? wordsOf(set.error) : undefined}
        onConfirm={() =>
          set.mutate({
            scope: { kind: scope.kind, key: scope.key },
            mode,
            reason: reason.trim(),
            ...(until === "0" ? {} : { expires_in_s: Number(until) }),
          })
        }
      />
    </form>
  );
}

const untilWords = (stop: boolean, until: string): string => {
  const time = TIMES.find((each) => each.value === until)?.label ?? "";
  if (until === "0") return stop ? "no date; it holds until a person releases it" : "a person releases it";
  return stop ? `in ${time}; it holds until a person releases it` : `${time} from now`;
};

/** On a phone the counts stand over the button that stays in sight. */
function brief(data: PreviewShape | undefined, scope: Scope): string {
  if (!data)
    return scope.kind === "environment" || scope.key ? "Counting…" : `Name the ${KIND_WORDS[scope.kind].plain} first`;
  return `${counted(data.runs, "run")}, ${counted(data.instances, "instance")} of ${counted(data.agents.length, "agent")}`;
}

function countsOf(data: PreviewShape | undefined, mode: SetMode, scope: Scope) {
  if (!data) return [{ count: 0, text: "What it concerns could not be counted. The switch itself still works." }];
  const lags = data.agents.flatMap((agent) => agent.usual_lag_ms ?? []);
  const slowest = lags.length > 0 ? `, usually within ${duration(Math.max(...lags) / 1000)}` : "";
  const cooperative = data.agents
    .filter((agent) => agent.gate === "cooperative")
    .reduce((sum, agent) => sum + agent.runs, 0);
  const lost = data.agents.reduce((sum, agent) => sum + agent.lost_instances, 0);
  return [
    { id: "runs", count: data.runs, text: effectWords(mode, scope, data.runs) },
    {
      id: "instances",
      count: data.instances,
      text: `${data.instances === 1 ? "instance" : "instances"} of ${counted(data.agents.length, "agent")} ${data.instances === 1 ? "is" : "are"} told now${slowest}`,
    },
    ...(cooperative > 0
      ? [
          {
            id: "cooperative",
            count: cooperative,
            text: `of the runs ${cooperative === 1 ? "is cooperative and obeys when it next asks" : "are cooperative and obey when they next ask"}`,
          },
        ]
      : []),
    ...(lost > 0
      ? [
          {
            id: "lost",
            count: lost,
            text: `${lost === 1 ? "instance is" : "instances are"} lost and cannot be counted`,
          },
        ]
      : []),
  ];
}
