"use client";

import { IconAlertTriangle, IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { StateShape } from "@/lib/controls/schema";
import type { EffectiveShape } from "@/lib/policies/schema";
import { stateQuery } from "../../controls/queries";
import { usePlace } from "../../frame/place";
import { Checks } from "../../kit/checks";
import { Split } from "../../kit/layout";
import { Note } from "../../kit/note";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { TextLink } from "../../kit/text";
import { LoadFailed } from "../../runs/problem";
import { effectiveQuery } from "../queries";
import type { Who } from "../search-params";
import { Documents } from "./documents";
import s from "./effective.module.css";
import { EffectiveLines } from "./lines";
import { Pickers } from "./pickers";
import { Switches } from "./switches";
import { lookAt } from "./worth";

type Props = { who: Who; rule: string | null; onWho: (who: Who) => void };

/** The pickers, what narrows it now, every line with where it comes from, and the documents that bind. */
export function EffectiveBody({ who, rule, onWho }: Props) {
  const { slug } = usePlace().environment;
  const effective = useQuery(effectiveQuery(slug, who));
  const state = useQuery(stateQuery(slug));
  const { data } = effective;
  return (
    <>
      <Pickers who={who} onWho={onWho} said={data && bindWords(data)} />
      {effective.error && !data ? (
        <LoadFailed what="The effective policy" error={effective.error} onRetry={() => void effective.refetch()} />
      ) : data ? (
        <Found data={data} who={who} rule={rule} state={state.data} />
      ) : (
        <Loading what="the effective policy" shape="panel" rows={12} />
      )}
    </>
  );
}

function bindWords({ documents, mode }: EffectiveShape): string {
  if (mode === "none") return "No document binds: every call is denied.";
  const observed = documents.filter((each) => each.state === "observe").length;
  if (documents.length === 1) return `1 document binds, it ${observed === 1 ? "only observes" : "enforces"}.`;
  const states =
    observed === 0 ? "all enforce" : observed === documents.length ? "all only observe" : `${observed} only observe`;
  return `${documents.length} documents bind, ${states}.`;
}

function Found(props: { data: EffectiveShape; who: Who; rule: string | null; state: StateShape | undefined }) {
  const { data, who, rule, state } = props;
  const { environment } = usePlace();
  const look = lookAt(data);
  const order = data.documents.map((each) => each.policy_id);
  return (
    <>
      <Switches who={who} state={state} />
      {data.mode === "none" && (
        <Note
          tone="bad"
          icon={<IconAlertTriangle size={17} aria-hidden />}
          right={<TextLink href={`/${environment.slug}/policies`}>Policies</TextLink>}
        >
          <b>No document binds this caller.</b> Permissions have no safe value: its tools, models and memory are denied
          until a policy binds it.
        </Note>
      )}
      {data.mode === "observe" && (
        <Note tone="bad" icon={<IconEye size={17} aria-hidden />}>
          <b>Nothing is blocked.</b> The documents that bind here are in observe: they decide and record.
        </Note>
      )}
      <EffectiveLines lines={data.lines} order={order} rule={rule} />
      <Split even>
        <Documents documents={data.documents} />
        <Panel title="Worth a look" sub={look.length === 0 ? undefined : String(look.length)}>
          {look.length === 0 ? (
            <p className={s.none}>Nothing stands out: each permission is stated, and every limit is set.</p>
          ) : (
            <Checks items={look} />
          )}
        </Panel>
      </Split>
    </>
  );
}
