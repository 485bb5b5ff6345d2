import {
  type ChannelKind,
  type ChannelShape,
  type NotifySeverity,
  type NotifyTopic,
  PAGERDUTY_URL,
  topicsOf,
} from "@/lib/notifications/schema";
import type { ChannelBody } from "./use-channel-act";

export type Values = {
  slug: string;
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  min_severity: NotifySeverity;
  topics: NotifyTopic[];
  agent_ids: string[];
  url: string;
  secret: string;
  renew_secret: boolean;
  to: string[];
  routing_key: string;
};

const EMPTY = { url: "", secret: "", renew_secret: false, to: [], routing_key: "" };
export const NEW: Values = {
  ...EMPTY,
  slug: "",
  kind: "slack",
  name: "",
  enabled: true,
  min_severity: "info",
  topics: topicsOf("slack"),
  agent_ids: [],
};
export const fromShape = (c: ChannelShape): Values => ({
  ...EMPTY,
  slug: c.slug,
  kind: c.kind,
  name: c.name,
  enabled: c.enabled,
  min_severity: c.min_severity,
  topics: c.topics,
  agent_ids: c.agent_ids,
  to: c.to,
});

/** "Slack #agents-oncall" → "slack-agents-oncall". */
export const slugFor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100)
    .replace(/-+$/, "");

/** The whole channel; what is left empty of an address or secret stays as it was. */
export function toBody(v: Values): ChannelBody {
  const common = {
    kind: v.kind,
    name: v.name,
    enabled: v.enabled,
    min_severity: v.min_severity,
    topics: v.topics,
    agent_ids: v.agent_ids,
  };
  const url = v.url.trim() === "" ? {} : { url: v.url.trim() };
  switch (v.kind) {
    case "slack":
      return { ...common, ...url };
    case "webhook":
      return {
        ...common,
        ...url,
        ...(v.secret === "" ? {} : { secret: v.secret }),
        ...(v.renew_secret ? { renew_secret: true } : {}),
      };
    case "email":
      return { ...common, to: v.to };
    case "pagerduty":
      return { ...common, ...url, ...(v.routing_key === "" ? {} : { routing_key: v.routing_key }) };
  }
}

export const DEFAULT_PAGER = PAGERDUTY_URL;
