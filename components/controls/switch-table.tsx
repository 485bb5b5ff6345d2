"use client";

import { IconHandStop } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { SwitchShape } from "@/lib/controls/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { ModePill } from "../kit/mode-pill";
import { Tag } from "../kit/status";
import { Cut, Strong, TextLink } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";
import s from "./controls.module.css";
import { Release } from "./release";
import { blocks, isStopping, KIND_WORDS, obeyedWords } from "./words";

const Mode = ({ set }: { set: SwitchShape }) =>
  blocks(set.scope.kind) ? (
    <Tag tone="bad" icon={<IconHandStop size={12} aria-hidden />}>
      blocked
    </Tag>
  ) : (
    <ModePill mode={set.mode} size="sm" stopping={isStopping(set)} />
  );

function columns(environment: string, name: string, history: boolean): Column<SwitchShape>[] {
  return [
    {
      id: "mode",
      header: "Mode",
      card: "title",
      cell: (r) => (history && r.released_at ? <Tag tone="quiet">{r.mode.replace("_", " ")}</Tag> : <Mode set={r} />),
    },
    {
      id: "scope",
      header: "Scope",
      card: "state",
      cell: (r) => (
        <TextLink plain href={`/${environment}/controls/${r.switch_id}`}>
          {r.scope.kind === "environment" ? name : `${KIND_WORDS[r.scope.kind].plain} `}
          {r.scope.key && (
            <Cut className={s.key} title={r.scope.key}>
              <Strong>{r.scope.key}</Strong>
            </Cut>
          )}
        </TextLink>
      ),
    },
    {
      id: "reason",
      header: "Reason",
      card: "foot",
      dim: true,
      cell: (r) => (
        <Cut className={s.why} title={r.reason}>
          {r.reason}
        </Cut>
      ),
    },
    { id: "by", header: "Set by", cell: (r) => r.set_by_name },
    { id: "since", header: history ? "Set" : "Since", cell: (r) => <ExactTime at={r.set_at} /> },
    {
      id: "until",
      header: history ? "Released" : "Until",
      cell: (r) => (history ? <Ended set={r} /> : <Until set={r} />),
    },
    { id: "obeyed", header: "Obeyed", align: "right", cell: obeyedWords },
    ...(history
      ? []
      : [
          {
            id: "acts",
            header: "Acts",
            quietHead: true,
            fixed: true,
            align: "right" as const,
            card: "foot" as const,
            cell: (r: SwitchShape) => <Release set={r} />,
          },
        ]),
  ];
}

function Until({ set }: { set: SwitchShape }): ReactNode {
  if (set.due_at)
    return (
      <>
        look again <RelativeTime at={set.due_at} />
      </>
    );
  return set.expires_at ? <RelativeTime at={set.expires_at} /> : "release";
}

function Ended({ set }: { set: SwitchShape }): ReactNode {
  if (!set.released_at) return "still on";
  return (
    <span title={set.release_reason ?? undefined}>
      <ExactTime at={set.released_at} />
      {set.released_by ? `, ${set.released_by}` : ", lapsed"}
    </span>
  );
}

export function SwitchTable(props: { label: string; rows: SwitchShape[]; loading?: boolean; history?: boolean }) {
  const { environment } = usePlace();
  const router = useRouter();
  return (
    <DataTable
      label={props.label}
      cards
      columns={columns(environment.slug, environment.name, props.history ?? false)}
      rows={props.rows}
      rowId={(row) => row.switch_id}
      loading={props.loading}
      hidden={props.history || props.rows.some((row) => row.expires_at ?? row.due_at) ? [] : ["until"]}
      onOpen={(row) => router.push(`/${environment.slug}/controls/${row.switch_id}`)}
      empty={props.history ? "No switch has been set here yet." : "No switch is on: agents work as their policies say."}
    />
  );
}
