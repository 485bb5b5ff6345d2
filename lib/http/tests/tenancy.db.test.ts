import { encode } from "next-auth/jwt";
import { beforeAll, describe, expect, test } from "vitest";
import { ADMIN, type Api, type Json, startApi, until } from "./harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const secret = "a secret of the tests, long enough";
async function session(email: string, more: Json = {}): Promise<Record<string, string>> {
  const [person] = await api.query("select id, epoch from people where email = $1", [email]);
  const token = await encode({ secret, token: { sub: person?.id as string, epoch: person?.epoch, ...more } });
  return { cookie: `next-auth.session-token=${token}`, origin: api.origin };
}
const asAdmin = async (more: Record<string, string> = {}) => ({
  key: null,
  headers: { ...(await session(ADMIN.email)), ...more },
});

describe("signing in", () => {
  test("a right password signs in and is audited; a wrong one and an unknown account are told apart by nothing", async () => {
    const { signIn } = await import("../../tenancy");
    const who = await signIn("r", { ...ADMIN, from: "1.1.1.1" });
    expect(who).toMatchObject({ email: ADMIN.email, one_time: false });
    const wrong = await signIn("r", { email: ADMIN.email, password: "wrong", from: "1.1.1.1" }).catch(
      (e: Error) => e.message,
    );
    const unknown = await signIn("r", { email: "who@example.com", password: "wrong", from: "1.1.1.1" }).catch(
      (e: Error) => e.message,
    );
    expect(wrong).toBe(unknown);
    expect(await api.query("select 1 from audit_rows where action = 'session.start'")).toHaveLength(1);
    const [row] = await api.query("select password_hash from people where email = $1", [ADMIN.email]);
    expect(row?.password_hash).toMatch(/^\$argon2id\$/);
  });

  test("too many attempts are not heard any more, with the seconds to wait", async () => {
    const { signIn } = await import("../../tenancy");
    const attempt = () =>
      signIn("r", { email: "victim@example.com", password: "x", from: "2.2.2.2" }).catch(
        (e: { code: string; retryAfterS?: number }) => e,
      );
    const seen: unknown[] = [];
    for (let n = 0; n < 10; n++) seen.push(await attempt());
    expect(seen.map((e) => (e as { code: string }).code).filter((c) => c === "too_many_requests").length).toBe(2);
    expect((seen.at(-1) as { retryAfterS: number }).retryAfterS).toBeGreaterThan(600);
  });

  test("a provider's account signs in once somebody has invited its verified e-mail, never by an unverified one", async () => {
    const { signInWith } = await import("../../tenancy");
    const account = { provider: "oidc", account_id: "42", email: "invited@example.com", email_verified: true };
    await expect(signInWith("r", account)).rejects.toMatchObject({ code: "unauthorized" });
    await api.post("/people", { email: "invited@example.com", name: "Ina Vited", roles: ["viewer"] }, await asAdmin());
    await expect(signInWith("r", { ...account, email_verified: false })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect(await signInWith("r", account)).toMatchObject({ name: "Ina Vited" });
    expect(await signInWith("r", { ...account, email: null })).toMatchObject({ name: "Ina Vited" });
  });
});

describe("sessions at the API", () => {
  test("200 a session reads and writes where its roles allow, under its own name", async () => {
    expect((await api.get("/runs", await asAdmin())).status).toBe(200);
    const made = await api.post(
      "/switches",
      { scope: { kind: "agent", key: "s" }, mode: "pause", reason: "by hand" },
      await asAdmin(),
    );
    expect(made.status).toBe(201);
    const [row] = await api.query("select actor_type, actor_name from audit_rows where target_id = $1", [
      made.body.switch_id,
    ]);
    expect(row).toEqual({ actor_type: "person", actor_name: "Administrator" });
  });

  test("403 a write without our Origin, or with another's", async () => {
    const body = { scope: { kind: "agent", key: "x" }, mode: "pause", reason: "forged" };
    for (const origin of ["", "https://evil.example", "null"]) {
      const { headers } = await asAdmin({ origin });
      if (origin === "") delete (headers as Record<string, string>).origin;
      expect((await api.post("/switches", body, { key: null, headers })).status, origin).toBe(403);
    }
  });

  test("401 a forged token, and one from before the person was signed out everywhere", async () => {
    const forged = await encode({ secret: "another secret, also long enough", token: { sub: "per_1", epoch: 0 } });
    expect(
      (await api.get("/runs", { key: null, headers: { cookie: `next-auth.session-token=${forged}` } })).status,
    ).toBe(401);
    expect((await api.get("/runs", { key: null, headers: await session(ADMIN.email, { epoch: -1 }) })).status).toBe(
      401,
    );
  });

  test("404 an environment that the person has no role in, 403 what their role does not include", async () => {
    await api.environment("secret-place");
    await api.post("/people", { email: "view@example.com", name: "Vera Viewer", roles: ["viewer"] }, await asAdmin());
    await api.query("update people set one_time = false where email = 'view@example.com'");
    const viewer = { key: null, headers: await session("view@example.com") };
    expect((await api.get("/runs", viewer)).status).toBe(200);
    expect(
      (await api.post("/switches", { scope: { kind: "environment" }, mode: "stop", reason: "x" }, viewer)).status,
    ).toBe(403);
    expect(
      (await api.get("/runs", { key: null, headers: { ...viewer.headers, "interlock-environment": "secret-place" } }))
        .status,
    ).toBe(404);
    expect((await api.get("/me", viewer)).body).toMatchObject({
      person: { name: "Vera Viewer" },
      environments: [{ slug: "production" }],
    });
  });

  test("403 a one-time password opens nothing but the choice of another", async () => {
    await api.post("/people", { email: "once@example.com", name: "Onno Once", roles: ["admin"] }, await asAdmin());
    expect((await api.get("/runs", { key: null, headers: await session("once@example.com") })).status).toBe(403);
  });
});

describe("keys", () => {
  test("201 shows the key once; what is stored is a hash; 404 to revoke it twice", async () => {
    const made = await api.post("/keys", { name: "bot", scopes: ["agent"], agent_ids: ["bot-*"] }, await asAdmin());
    const key = made.body.key as unknown as string;
    expect(key).toMatch(/^ilk_[A-Za-z0-9_-]{32,}$/);
    expect(JSON.stringify(await api.query("select * from agent_keys"))).not.toContain(key);
    expect(JSON.stringify(await api.query("select * from audit_rows"))).not.toContain(key);
    expect((await api.get("/control?agent_id=bot-1", { key })).status).toBe(200);
    const id = made.body.key_id as unknown as string;
    expect((await api.post(`/keys/${id}/revoke`, {}, await asAdmin())).status).toBe(200);
    await until(async () => (await api.get("/control?agent_id=bot-1", { key })).status === 401);
    expect((await api.post(`/keys/${id}/revoke`, {}, await asAdmin())).status).toBe(404);
  });

  test("401 once it has expired", async () => {
    const made = await api.post(
      "/keys",
      { name: "short", scopes: ["read"], expires_at: new Date(Date.now() + 300).toISOString() },
      await asAdmin(),
    );
    await until(async () => (await api.get("/runs", { key: made.body.key as unknown as string })).status === 401);
  });

  test("403 a key makes no keys and invites nobody", async () => {
    const all = await api.key(["agent", "ingest", "operate", "approve", "configure", "read"]);
    expect((await api.post("/keys", { name: "x", scopes: ["read"] }, { key: all })).status).toBe(403);
    expect(
      (await api.post("/people", { email: "x@example.com", name: "X", roles: ["admin"] }, { key: all })).status,
    ).toBe(403);
  });
});

describe("people", () => {
  test("403 the administrator of one environment reaches nobody beyond it", async () => {
    await api.post("/people", { email: "local@example.com", name: "Lola Local", roles: ["admin"] }, await asAdmin());
    await api.query("update people set one_time = false where email = 'local@example.com'");
    const local = { key: null, headers: await session("local@example.com") };
    const [admin] = await api.query("select id from people where email = $1", [ADMIN.email]);
    const invite = { email: "more@example.com", name: "More", roles: ["admin"], everywhere: true };
    expect((await api.post("/people", invite, local)).status).toBe(403);
    expect((await api.put(`/people/${admin?.id}/roles`, { roles: [], everywhere: true }, local)).status).toBe(403);
    expect((await api.post(`/people/${admin?.id}/disable`, {}, local)).status).toBe(403);
    expect((await api.post("/people", { ...invite, everywhere: false }, local)).status).toBe(201);
    const made = await api.post("/environments", { name: "lolas", kind: "staging" }, local);
    const there = {
      key: null,
      headers: { ...local.headers, "interlock-environment": made.body.slug as unknown as string },
    };
    await until(async () => (await api.get("/runs", there)).status === 200);
  });

  test("409 nobody can remove the last administrator, by role or by disabling", async () => {
    const [admin] = await api.query("select id from people where email = $1", [ADMIN.email]);
    await api.query("delete from memberships where role = 'admin' and person_id <> $1", [admin?.id]);
    expect(
      (await api.put(`/people/${admin?.id}/roles`, { roles: ["viewer"], everywhere: true }, await asAdmin())).status,
    ).toBe(409);
    expect((await api.post(`/people/${admin?.id}/disable`, {}, await asAdmin())).status).toBe(409);
  });
});

describe("audit", () => {
  test("a changed, a missing and a moved row are found and named", async () => {
    const verify = async () =>
      (await api.get("/audit/verify")).body as unknown as { ok: boolean; broken: { seq: number } | null };
    expect(await verify()).toMatchObject({ ok: true, broken: null });
    const [row] = await api.query(
      "select chain_id, seq, summary from audit_rows where chain_id like 'env_%' and seq = 2",
    );
    await api.query("update audit_rows set summary = 'nothing happened' where chain_id = $1 and seq = 2", [
      row?.chain_id,
    ]);
    expect(await verify()).toMatchObject({ ok: false, broken: { seq: 2 } });
    await api.query("update audit_rows set summary = $2 where chain_id = $1 and seq = 2", [
      row?.chain_id,
      row?.summary,
    ]);
    expect(await verify()).toMatchObject({ ok: true });
    await api.query("delete from audit_rows where chain_id = $1 and seq = 3", [row?.chain_id]);
    expect(await verify()).toMatchObject({ ok: false, broken: { seq: 3 } });
  });
});

describe("openapi, health, metrics", () => {
  test("200 the document is OpenAPI 3.1 and names every path that is answered", async () => {
    const { body } = await api.get("/openapi.json", { key: null });
    expect(body.openapi).toBe("3.1.0");
    const paths = Object.keys(body.paths as unknown as Json);
    for (const path of [
      "/control",
      "/control/stream",
      "/control/ack",
      "/switches",
      "/runs",
      "/runs/{run_id}/finish",
      "/spans",
      "/audit",
      "/keys",
    ])
      expect(paths).toContain(`/api/v1${path}`);
    const open = (body.paths as unknown as Record<string, { post: { requestBody: Json } }>)["/api/v1/runs"]?.post;
    expect(JSON.stringify(open)).toContain('"request_id"');
  });

  test("200 process, readiness, metrics; 404 as a problem for what is not there", async () => {
    expect((await api.get("/api/health", { key: null })).body).toMatchObject({ status: "ok" });
    expect((await api.get("/api/ready", { key: null })).body).toMatchObject({
      status: "ready",
      database: true,
      listening: true,
    });
    const metrics = await fetch(`${api.origin}/metrics`).then((r) => r.text());
    expect(metrics).toContain("interlock_http_requests_total");
    expect((await api.get("/nothing")).body).toMatchObject({
      code: "not_found",
      status: 404,
      trace_id: expect.any(String),
    });
  });

  test("an error carries the caller's own trace id", async () => {
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const answer = await api.get("/runs/none", { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
    expect(answer.body).toMatchObject({ code: "not_found", trace_id: trace });
  });
});
