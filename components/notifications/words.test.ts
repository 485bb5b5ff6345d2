import { expect, test } from "vitest";
import type { ChannelShape } from "@/lib/notifications/schema";
import { TOPICS } from "@/lib/notifications/schema";
import { NEW, slugFor, toBody } from "./form-model";
import { answerOf, placeOf, takesOf } from "./words";

const channel = (more: Partial<ChannelShape>): ChannelShape => ({
  slug: "c",
  kind: "slack",
  name: "C",
  enabled: true,
  min_severity: "info",
  topics: [...TOPICS],
  agent_ids: [],
  url: "https://hooks.slack.com",
  to: [],
  secret_tail: "oken",
  problem: null,
  revision: 1,
  updated_by: "Rita",
  updated_at: "2026-11-20T09:00:00.000Z",
  last: null,
  day: { sent: 0, waiting: 0, failed: 0, dead: 0 },
  ...more,
});

test("what a channel takes and where it leads, in one line each", () => {
  expect(takesOf(channel({}))).toBe("everything");
  expect(takesOf(channel({ min_severity: "high", topics: ["alerts"], agent_ids: ["a-*", "b"] }))).toBe(
    "high and critical; alerts; agents a-*, 1 more",
  );
  expect(placeOf(channel({}))).toBe("hooks.slack.com …oken");
  expect(placeOf(channel({ kind: "email", to: ["a@x.example", "b@x.example"] }))).toBe("a@x.example, 1 more");
});

test("an answer says the status and how long it took, or what was said", () => {
  const none = { last_status: null, last_error: null, answer_ms: null };
  expect(answerOf({ ...none, state: "sent", last_status: 200, answer_ms: 38 })).toBe("200 in 38 ms");
  expect(answerOf({ ...none, state: "dead", last_status: 404, last_error: "it answered 404: gone" })).toBe("404: gone");
  expect(answerOf({ ...none, state: "queued" })).toBe("–");
});

test("a secret that is left empty is not sent, so that it stays", () => {
  expect(toBody({ ...NEW, kind: "webhook", name: "hub" })).not.toHaveProperty("secret");
  expect(toBody({ ...NEW, kind: "webhook", name: "hub" })).not.toHaveProperty("url");
  expect(slugFor("Slack #agents-oncall")).toBe("slack-agents-oncall");
});
