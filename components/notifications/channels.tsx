"use client";

import { Button } from "@mantine/core";
import { IconBellPlus, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ChannelShape } from "@/lib/notifications/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { integer } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { Dim, Strong } from "../kit/text";
import { RelativeTime } from "../kit/time";
import t from "../tenancy/tenancy.module.css";
import { DeleteChannel } from "./delete";
import { ChannelForm } from "./form";
import s from "./notifications.module.css";
import { ChannelStatus, KindIcon } from "./parts";
import { useTest } from "./use-channel-act";
import { NEEDS, placeOf, takesOf } from "./words";

type Open = { kind: "new" } | { kind: "edit" | "delete"; of: ChannelShape } | null;

export function ChannelsPanel({ items }: { items: ChannelShape[] }) {
  const { may } = usePlace();
  const allowed = may["notifications.write"] === true;
  const [open, setOpen] = useState<Open>(null);
  const { start, running } = useTest();
  const columns = useMemo<Column<ChannelShape>[]>(
    () => [
      {
        id: "channel",
        header: "Channel",
        card: "title",
        cell: (c) => (
          <span className={s.name}>
            <KindIcon kind={c.kind} />
            <span className={s.words}>
              <Strong>{c.name}</Strong> <Dim>{placeOf(c)}</Dim>
            </span>
          </span>
        ),
      },
      { id: "state", header: "State", card: "state", cell: (c) => <ChannelStatus of={c} /> },
      { id: "gets", header: "Gets", dim: true, card: "foot", cell: takesOf },
      { id: "sent", header: "Sent, 24 h", align: "right", cell: (c) => integer(c.day.sent) },
      {
        id: "last",
        header: "Last delivery",
        dim: true,
        cell: (c) => <RelativeTime at={c.last?.at} />,
      },
      ...(allowed
        ? [
            {
              id: "acts",
              header: "Acts",
              quietHead: true,
              align: "right" as const,
              card: "foot" as const,
              cell: (c: ChannelShape) => (
                <span className={t.acts}>
                  <button type="button" className={t.link} disabled={running !== null} onClick={() => start(c)}>
                    {running === c.slug ? "Testing" : "Test"}
                    <span className="il-sr"> {c.name}</span>
                  </button>
                  <button type="button" className={t.link} onClick={() => setOpen({ kind: "edit", of: c })}>
                    Edit…<span className="il-sr"> {c.name}</span>
                  </button>
                  <button type="button" className={t.link} onClick={() => setOpen({ kind: "delete", of: c })}>
                    Delete…<span className="il-sr"> {c.name}</span>
                  </button>
                </span>
              ),
            },
          ]
        : []),
    ],
    [allowed, running, start],
  );
  const button = (
    <Button
      {...(items.length > 0 ? { size: "xs" } : { variant: "filled" })}
      leftSection={<IconPlus size={13} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS}
      onClick={() => setOpen({ kind: "new" })}
    >
      New channel…
    </Button>
  );
  const close = () => setOpen(null);
  return (
    <Panel
      title="Notification channels"
      sub={items.length > 0 ? String(items.length) : undefined}
      right={items.length > 0 ? button : undefined}
      foot={
        <>
          <span>Addresses and secrets are kept sealed, and never shown again.</span>
          {!allowed && <span>You may look: {NEEDS.charAt(0).toLowerCase() + NEEDS.slice(1)}</span>}
        </>
      }
    >
      {items.length === 0 ? (
        <Empty bare icon={IconBellPlus} title="Nobody is told yet" actions={button}>
          A channel tells people where they are, in Slack, by mail, at PagerDuty or at an address of yours, when a
          verdict is asked, a limit is reached, something is stopped or an alert opens. Make the first one and press
          Test.
        </Empty>
      ) : (
        <DataTable label="Notification channels" cards columns={columns} rows={items} rowId={(c) => c.slug} />
      )}
      {open?.kind === "new" && <ChannelForm of={null} onClose={close} />}
      {open?.kind === "edit" && <ChannelForm of={open.of} onClose={close} />}
      {open?.kind === "delete" && <DeleteChannel of={open.of} onClose={close} />}
    </Panel>
  );
}
