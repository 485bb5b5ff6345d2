import { beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "./harness";

let api: Api;
let seal: () => Promise<void>;
beforeAll(async () => {
  api = await startApi();
  ({ sealDecisions: seal } = await import("../../decisions"));
});

test("decisions are sealed into the audit chain, and a change of one, or one that is gone, is named by its block", async () => {
  const { run_id } = await api.openRun();
  const ask = () => api.post("/decisions", { run_id, kind: "tool", tool: "db.drop", args: {} });
  await ask();
  await ask();
  await seal();
  const third = await ask();
  await seal();
  await seal();
  expect((await api.get("/decisions/verify")).body).toMatchObject({ ok: true, decisions: 3 });
  expect((await api.get("/audit/verify")).body).toMatchObject({ ok: true });
  const rows = await api.query("select seq from audit_rows where action = 'decisions.seal' order by seq");
  expect(rows.length).toBe(2);
  const id = third.body.decision_id;
  await api.query("update decisions set outcome = 'allow' where decision_id = $1", [id]);
  expect((await api.get("/decisions/verify")).body).toMatchObject({ ok: false, broken: { seq: rows[1]?.seq } });
  await api.query("update decisions set outcome = 'deny' where decision_id = $1", [id]);
  expect((await api.get("/decisions/verify")).body).toMatchObject({ ok: true });
  await api.query("delete from decisions where decision_id = $1", [id]);
  expect((await api.get("/decisions/verify")).body).toMatchObject({ ok: false });
});
