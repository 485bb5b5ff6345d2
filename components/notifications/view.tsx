"use client";

import { useQuery } from "@tanstack/react-query";
import type { ChannelShape } from "@/lib/notifications/schema";
import { usePlace } from "../frame/place";
import { Note } from "../kit/note";
import { counted, integer } from "../kit/numbers";
import { Figures } from "../kit/panel";
import { Loading, NotAllowed } from "../kit/states";
import { LoadFailed } from "../runs/problem";
import { ChannelsPanel } from "./channels";
import { LogPanel } from "./log";
import { channelsQuery } from "./queries";

const LEAST = "viewer";

/** Channels, what they did today, and the log of what was sent. */
export function Notifications() {
  const { environment, may } = usePlace();
  const allowed = may["notifications.read"] === true;
  const read = useQuery({ ...channelsQuery(environment.slug), enabled: allowed });
  if (!allowed) return <NotAllowed what="see the notifications" role={LEAST} environment={environment.name} />;
  if (read.error && !read.data)
    return <LoadFailed what="The channels" error={read.error} onRetry={() => void read.refetch()} />;
  if (!read.data) return <Loading what="the channels" shape="panel" rows={6} />;
  const { items } = read.data;
  return (
    <>
      {items.length > 0 && <Today items={items} />}
      <Unreached items={items} />
      <ChannelsPanel items={items} />
      <LogPanel channels={items} />
    </>
  );
}

function Today({ items }: { items: ChannelShape[] }) {
  const sum = (key: keyof ChannelShape["day"]): number => items.reduce((n, c) => n + c.day[key], 0);
  const names = (key: keyof ChannelShape["day"]): string =>
    items
      .filter((c) => c.day[key] > 0)
      .map((c) => c.name)
      .join(", ") || "none";
  const failed = sum("failed");
  const dead = sum("dead");
  return (
    <Figures
      label="Deliveries of the last 24 hours"
      items={[
        { label: "Delivered, 24 h", value: integer(sum("sent")), note: counted(items.length, "channel") },
        { label: "Not tried yet", value: integer(sum("waiting")), note: names("waiting") },
        { label: "Trying again", value: integer(failed), note: names("failed"), tone: failed > 0 ? "warn" : undefined },
        { label: "Given up", value: integer(dead), note: names("dead"), tone: dead > 0 ? "bad" : undefined },
      ]}
    />
  );
}

/** Whom nothing reaches as things stand: switched on, and what was sent last was given up, or nothing can be sent. */
function Unreached({ items }: { items: ChannelShape[] }) {
  const silent = items.filter((c) => c.enabled && (c.problem !== null || c.last?.state === "dead"));
  const [first] = silent;
  if (!first) return null;
  return (
    <Note tone="bad">
      <b>
        Nobody is reached by {first.name}
        {silent.length > 1 ? ` and ${counted(silent.length - 1, "more channel")}` : ""}.
      </b>{" "}
      {first.problem ?? first.last?.last_error ?? ""}
    </Note>
  );
}
