"use client";

import { Button, NumberInput, Select, TagsInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ON_STALE, type OnStale, type StateShape } from "@/lib/controls/schema";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Obedience } from "../kit/status";
import { wordsOf } from "../runs/problem";
import { namesQuery } from "../runs/queries";
import s from "./controls.module.css";

const STALE: Record<OnStale, string> = {
  continue: "goes on as before",
  safe_mode: "goes into safe mode",
  stop: "stops by itself",
};
type Settings = StateShape["settings"];

/** How fresh the control state must be, and what an agent does that cannot refresh it. */
export function FreshnessPanel({ state }: { state: StateShape }) {
  const { slug } = usePlace().environment;
  const { obedience } = state;
  return (
    <Panel title="Freshness" sub="what an agent does when it cannot ask">
      <dl className={s.obey}>
        <div>
          <dt className="il-sr">Who acts on the newest revision</dt>
          <dd>
            <Obedience state="seen" count={obedience.seen} />
            {obedience.lagging.length > 0 && <Obedience state="not_seen" count={obedience.lagging.length} />}
            {obedience.lost.length > 0 && <Obedience state="lost" count={obedience.lost.length} />}
            <span className={s.hint}>
              of {counted(obedience.seen + obedience.lagging.length + obedience.lost.length, "instance")} heard in a day
            </span>
          </dd>
        </div>
      </dl>
      <Form key={JSON.stringify(state.settings)} slug={slug} settings={state.settings} />
    </Panel>
  );
}

function Form({ slug, settings }: { slug: string; settings: Settings }) {
  const { may } = usePlace();
  const allowed = may["control.configure"] === true;
  const client = useQueryClient();
  const [draft, setDraft] = useState<Settings>(settings);
  const tools = useQuery(namesQuery(slug, "tool")).data?.items.map((each) => each.name) ?? [];
  const changed = JSON.stringify(draft) !== JSON.stringify(settings);
  const save = useMutation({
    mutationFn: () => api(slug).put<{ revision: number; audit_row: number }>("/control/settings", draft),
    onSuccess: async (answer) => {
      notify({
        tone: "good",
        title: "Freshness is changed",
        message: "Agents hear it when they next ask. ",
        audit: { label: `Audit row ${answer.audit_row}`, href: `/${slug}/audit?action=control.configure` },
      });
      await client.invalidateQueries({ queryKey: [slug, "controls"] });
    },
  });
  const put = (part: Partial<Settings>) => setDraft({ ...draft, ...part });
  const number = (value: string | number, before: number) => (typeof value === "number" ? value : before);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (allowed && changed) save.mutate();
  };
  return (
    <form className={s.settings} onSubmit={submit} aria-label="Freshness">
      <NumberInput
        label="Agents ask every"
        suffix=" s"
        min={1}
        max={300}
        disabled={!allowed}
        value={draft.poll_after_s}
        onChange={(value) => put({ poll_after_s: number(value, draft.poll_after_s) })}
      />
      <NumberInput
        label="What they heard holds for"
        suffix=" s"
        min={5}
        max={3600}
        disabled={!allowed}
        value={draft.ttl_s}
        onChange={(value) => put({ ttl_s: number(value, draft.ttl_s) })}
      />
      <Select
        label="After that the agent"
        disabled={!allowed}
        allowDeselect={false}
        data={ON_STALE.map((value) => ({ value, label: STALE[value] }))}
        value={draft.on_stale}
        onChange={(value) => {
          const next = ON_STALE.find((each) => each === value);
          if (next) put({ on_stale: next });
        }}
      />
      <TagsInput
        className={s.wide}
        label="Tools that safe mode leaves"
        description="Where no policy says. None: safe mode leaves nothing."
        disabled={!allowed}
        data={tools}
        value={draft.safe_mode_tools}
        onChange={(safe_mode_tools) => put({ safe_mode_tools })}
      />
      <div className={s.settingsFoot}>
        {allowed ? (
          <>
            <Button type="submit" variant="filled" disabled={!changed} loading={save.isPending}>
              Save
            </Button>
            {changed && <Button onClick={() => setDraft(settings)}>Undo</Button>}
          </>
        ) : (
          <span className={s.hint}>Changing it needs the role policy admin or admin here.</span>
        )}
        {save.isError && (
          <span className={s.refused} role="alert">
            {wordsOf(save.error)}
          </span>
        )}
      </div>
    </form>
  );
}
