import { expect, test } from "vitest";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { anyAlike, clock, clockOf, notInBatch } from "./words";

const at = Date.parse("2026-11-20T09:00:00Z");
const stage = {
  name: null,
  roles: [],
  people: [],
  machine: null,
  quorum: 1,
  timeout_s: 900,
  on_timeout: "escalate" as const,
};
const asked = (more: Partial<ApprovalShape> = {}): ApprovalShape => ({
  id: "apr_1",
  status: "pending",
  expires_at: "2026-11-20T10:00:00Z",
  stage: 0,
  stages: [stage, stage],
  stage_due_at: "2026-11-20T09:15:00Z",
  frozen_at: null,
  votes: [],
  run_id: "run_1",
  agent_id: "triage-bot",
  tenant_id: "acme_corp",
  task_type: "ticket-triage",
  kind: "policy",
  tool: "ticket.create",
  model: null,
  connector: null,
  effect: "write",
  args_hash: "a",
  intent: null,
  rule: "conditions[0]",
  says: "",
  policy: null,
  requested_at: "2026-11-20T09:00:00Z",
  requested_by: "",
  settled_at: null,
  settled_by: null,
  settle_reason: null,
  effect_id: null,
  broken_glass: false,
  review: null,
  for_me: true,
  why_not_me: null,
  ...more,
});

test.each([
  [38_000, "0:38"],
  [702_000, "11:42"],
  [3_725_000, "1:02:05"],
  [183_600_000, "2 d 3 h"],
  [-5, "0:00"],
])("%d ms is %s", (ms, words) => {
  expect(clock(ms)).toBe(words);
});

test("the clock says what will happen, and is late from three quarters on", () => {
  expect(clockOf(asked(), at + 702_000)).toMatchObject({ waited: "11:42", due: "escalates in 3:18", late: true });
  expect(clockOf(asked({ stage: 1 }), at + 60_000)).toMatchObject({ due: "expires in 14:00", late: false });
  expect(clockOf(asked(), at + 999_000).due).toBe("escalates now");
});

test("a stop holds the clock where it was", () => {
  const held = asked({ frozen_at: "2026-11-20T09:14:00Z" });
  expect(clockOf(held, at + 3_600_000)).toMatchObject({ due: "clock held at 1:00", late: false, waited: "1:00:00" });
});

test("a batch takes what is alike, is mine, and can be undone", () => {
  const first = asked();
  expect(notInBatch(asked({ id: "b", tenant_id: "hooli" }), first)).toBeNull();
  expect(notInBatch(asked({ tool: "kb.publish" }), first)).toBe("not alike");
  expect(notInBatch(asked({ effect: "irreversible" }), undefined)).toBe("never in a batch");
  expect(notInBatch(asked({ for_me: false }), first)).toBe("not for you");
  expect(anyAlike([first, asked({ id: "b" })])).toBe(true);
  expect(anyAlike([first, asked({ id: "b", effect: "irreversible" })])).toBe(false);
});
