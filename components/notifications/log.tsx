"use client";

import { IconSend } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { type ChannelShape, DELIVERY_STATES, type DeliveryShape } from "@/lib/notifications/schema";
import { usePlace } from "../frame/place";
import { DataTable, Pager } from "../kit/data-table";
import { FilterBar } from "../kit/filter-bar";
import type { FilterField } from "../kit/filters";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { LoadFailed } from "../runs/problem";
import { logColumns } from "./log-columns";
import { MessageDialog } from "./message";
import { stateWords } from "./parts";
import { deliveriesQuery } from "./queries";
import { LOG_TOPICS, logParams } from "./search-params";
import { useRetry } from "./use-channel-act";

const fieldsOf = (channels: ChannelShape[]): FilterField[] => [
  {
    key: "channel",
    label: "channel",
    kind: "select",
    single: true,
    options: channels.map((c) => ({ value: c.slug, label: c.name })),
  },
  {
    key: "state",
    label: "state",
    kind: "select",
    single: true,
    options: DELIVERY_STATES.map((value) => ({ value, label: stateWords(value) })),
  },
  {
    key: "topic",
    label: "about",
    kind: "select",
    single: true,
    options: LOG_TOPICS.map((value) => ({ value, label: value })),
  },
];

/** What was sent, to whom, and what came of it. */
export function LogPanel({ channels }: { channels: ChannelShape[] }) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const allowed = may["notifications.write"] === true;
  const [filter, setFilter] = useQueryStates(logParams);
  const log = useQuery({ ...deliveriesQuery(slug, filter), placeholderData: keepPreviousData });
  const [shown, setShown] = useState<DeliveryShape | null>(null);
  const { start, running } = useRetry();
  const fields = useMemo(() => fieldsOf(channels), [channels]);
  const columns = useMemo(
    () => logColumns({ slug, channels, allowed, running, onShow: setShown, onRetry: start }),
    [slug, channels, allowed, running, start],
  );
  const { cursor, ...values } = filter;
  const narrowed = Object.values(values).some((value) => value !== null);
  const items = log.data?.items ?? [];
  if (log.error && !log.data) return <LoadFailed what="The log" error={log.error} onRetry={() => void log.refetch()} />;
  return (
    <>
      {(narrowed || items.length > 0) && (
        <FilterBar
          filters={fields}
          values={values}
          onChange={(next) =>
            void setFilter({
              channel: next.channel || null,
              state: DELIVERY_STATES.find((each) => each === next.state) ?? null,
              topic: LOG_TOPICS.find((each) => each === next.topic) ?? null,
              cursor: null,
            })
          }
        />
      )}
      <Panel
        title="Sent"
        sub="What left this product, and whether anyone could have read it"
        foot={
          <>
            <span>A message holds names, counts and links, never arguments or results.</span>
            <span>Kept 30 days</span>
          </>
        }
      >
        {log.isSuccess && items.length === 0 && cursor === null ? (
          <Empty bare icon={IconSend} title={narrowed ? "Nothing matches" : "Nothing was sent yet"}>
            {narrowed
              ? "Take a filter away."
              : "Each message for each channel stands here with what came of it. Test a channel to see the first."}
          </Empty>
        ) : (
          <DataTable
            label="Deliveries"
            dense
            cards
            columns={columns}
            rows={items}
            rowId={(d) => d.delivery_id}
            loading={log.isPending}
            rowTone={(d) => (d.state === "dead" ? "warn" : undefined)}
            footer={
              <Pager
                shown={counted(items.length, "delivery", "deliveries")}
                busy={log.isFetching && log.isPlaceholderData}
                onNewest={cursor ? () => void setFilter({ cursor: null }) : undefined}
                onOlder={
                  log.data?.next_cursor
                    ? () => void setFilter({ cursor: log.data.next_cursor }, { history: "push" })
                    : undefined
                }
              />
            }
          />
        )}
      </Panel>
      {shown && (
        <MessageDialog
          of={items.find((d) => d.delivery_id === shown.delivery_id) ?? shown}
          channels={channels}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}
