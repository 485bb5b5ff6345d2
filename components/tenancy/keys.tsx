"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCircleCheck, IconClockX, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { KeyShape } from "@/lib/tenancy/schema";
import { stateQuery } from "../controls/queries";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { Panel } from "../kit/panel";
import { St, Tag } from "../kit/status";
import { Dim, Mono, Strong } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";
import { LoadFailed } from "../runs/problem";
import { NewKeyDialog, RevokeDialog } from "./key-dialogs";
import { keysQuery } from "./queries";
import s from "./tenancy.module.css";
import { NEEDS_ADMIN } from "./words";

const UNUSED_MS = 7 * 86_400_000;

function KeyState({ row }: { row: KeyShape }) {
  switch (row.state) {
    case "revoked":
      return (
        <St tone="quiet" icon={<IconBan size={14} aria-hidden />}>
          revoked
        </St>
      );
    case "expired":
      return (
        <St tone="quiet" icon={<IconClockX size={14} aria-hidden />}>
          expired
        </St>
      );
    case "active":
      if (row.last_used_at === null && Date.now() - Date.parse(row.created_at) > UNUSED_MS)
        return (
          <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
            never used
          </St>
        );
      return (
        <St icon={<IconCircleCheck size={14} aria-hidden />}>
          {row.expires_at ? (
            <span>
              ends <ExactTime at={row.expires_at} />
            </span>
          ) : (
            "active"
          )}
        </St>
      );
  }
}

const boundTo = (row: KeyShape): string => {
  const agents = row.agent_ids.length > 0 ? `agent ${row.agent_ids.join(", ")}` : "any agent";
  return row.tenant_ids.length > 0 ? `${agents}; tenant ${row.tenant_ids.join(", ")}` : agents;
};

export function KeysPanel() {
  const { environment, may } = usePlace();
  const allowed = may["keys.write"] === true;
  const keys = useQuery(keysQuery(environment.slug));
  const state = useQuery(stateQuery(environment.slug));
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<KeyShape | null>(null);
  const items = keys.data?.items ?? [];
  const columns = useMemo<Column<KeyShape>[]>(
    () => [
      {
        id: "key",
        header: "Key",
        card: "title",
        cell: (row) => (
          <>
            <Strong>{row.name}</Strong>{" "}
            <Dim>
              <Mono>ilk_…{row.tail}</Mono>
            </Dim>
          </>
        ),
      },
      { id: "state", header: "State", card: "state", cell: (row) => <KeyState row={row} /> },
      {
        id: "scopes",
        header: "Scopes",
        card: "foot",
        cell: (row) => (
          <span className={s.tags}>
            {row.scopes.map((scope) => (
              <Tag key={scope} mono>
                {scope}
              </Tag>
            ))}
          </span>
        ),
      },
      { id: "bound", header: "Bound to", dim: true, cell: boundTo },
      { id: "used", header: "Last used", dim: true, cell: (row) => <RelativeTime at={row.last_used_at} /> },
      { id: "person", header: "Answers for it", cell: (row) => row.person.name },
      ...(allowed
        ? [
            {
              id: "acts",
              header: "Acts",
              quietHead: true,
              align: "right" as const,
              card: "foot" as const,
              cell: (row: KeyShape) =>
                row.state === "active" ? (
                  <button type="button" className={s.link} onClick={() => setRevoking(row)}>
                    Revoke…<span className="il-sr"> {row.name}</span>
                  </button>
                ) : (
                  <Dim>–</Dim>
                ),
            },
          ]
        : []),
    ],
    [allowed],
  );
  if (keys.error && !keys.data)
    return <LoadFailed what="The keys" error={keys.error} onRetry={() => void keys.refetch()} />;
  return (
    <Panel
      title="Keys"
      sub={keys.data ? `${items.length}, shown once, stored as a hash` : undefined}
      right={
        <Button
          size="xs"
          variant="filled"
          leftSection={<IconKey size={13} aria-hidden />}
          disabled={!allowed}
          title={allowed ? undefined : NEEDS_ADMIN}
          onClick={() => setMaking(true)}
        >
          New key…
        </Button>
      }
      foot={
        <span>
          A key answers for the person who made it, and works in this environment only.
          {state.data &&
            ` Revoking closes its streams within 5 s; its agents act alone for ${state.data.settings.ttl_s} s at most.`}
          {allowed ? "" : " You may look: making and revoking keys needs the role admin."}
        </span>
      }
    >
      <DataTable
        label="Keys"
        cards
        columns={columns}
        rows={items}
        rowId={(row) => row.key_id}
        loading={keys.isPending}
        empty="No key yet. An agent needs one to call."
      />
      <NewKeyDialog opened={making} onClose={() => setMaking(false)} />
      <RevokeDialog row={revoking} settings={state.data?.settings} onClose={() => setRevoking(null)} />
    </Panel>
  );
}
