import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import pg from "pg";
import { afterAll, inject } from "vitest";
import type { Scope } from "../../platform/authz";
import { provide } from "../../platform/env";

export const ADMIN = { email: "admin@example.com", password: "correct horse battery" };
const rootKey = `ilk_${"0".repeat(40)}`;

type Answer = { status: number; headers: Headers; body: Record<string, unknown> & { [key: string]: never } };
export type Json = Record<string, unknown>;

/** A database of its own, the API on a real socket, and its control state followed: what a suite needs. */
export async function startApi() {
  const template = inject("template");
  const name = `t_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: template.replace("interlock_template", "postgres") });
  await admin.connect();
  await admin.query(`create database ${name} template interlock_template`);
  const url = template.replace("interlock_template", name);
  provide({
    DATABASE_URL: url,
    NEXTAUTH_SECRET: "a secret of the tests, long enough",
    LOG_LEVEL: "silent",
    INTERLOCK_POOL: "8",
  });

  const { bootstrap } = await import("../../tenancy");
  const { createApp, hearEvent, closeRevoked } = await import("../index");
  const { follow, sweep } = await import("../../controls");
  const { EVENTS_CHANNEL } = await import("../../platform/announce");
  const { ingestOtlp, postSpans } = await import("../../runs");
  const { closePools, sql } = await import("../../platform/db/pool");
  const { plantStarters } = await import("../../policies");
  const { APPROVALS_CHANNEL, askMachines, hearApproval, sweepApprovals } = await import("../../approvals");
  const { sweepHolds } = await import("../../decisions");
  const { detectOnce } = await import("../../detectors");
  await bootstrap({ environment: "production", email: ADMIN.email, password: ADMIN.password, key: rootKey });
  await plantStarters();

  const ingest = {
    otlp: ingestOtlp,
    spans: async (ctx: never, body: Uint8Array) => postSpans(ctx, JSON.parse(Buffer.from(body).toString())),
  };
  const following = follow({
    [EVENTS_CHANNEL]: hearEvent,
    [APPROVALS_CHANNEL]: hearApproval,
    interlock_keys: (id) => void closeRevoked(id),
  });
  const app = createApp({ ingest: ingest as never, version: "test", listening: following.connected });
  const server: Server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await following.stop();
    await closePools();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    options: { key?: string | null; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const key = options.key === undefined ? rootKey : options.key;
    const headers: Record<string, string> = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...options.headers };
    if (body !== undefined && !headers["content-type"]) headers["content-type"] = "application/json";
    const answer = await fetch(
      path.startsWith("/api/") || path === "/metrics" ? origin + path : `${origin}/api/v1${path}`,
      {
        method,
        headers,
        body:
          body === undefined
            ? undefined
            : typeof body === "string" || body instanceof Uint8Array
              ? (body as BodyInit)
              : JSON.stringify(body),
      },
    );
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === "" ? {} : parse(text)) as Answer["body"] };
  }

  /** A key of the administrator with these scopes, in an environment of the given name (made where it is missing). */
  async function key(
    scopes: Scope[],
    options: { agent_ids?: string[]; tenant_ids?: string[]; environment?: string } = {},
  ): Promise<string> {
    const { rows } = await sql().query("select id from people order by created_at limit 1");
    const environmentId = await environment(options.environment ?? "production");
    const { newKey, newId, sha256 } = await import("../../platform/ids");
    const raw = newKey();
    await sql().query(
      "insert into agent_keys (id, environment_id, person_id, name, tail, hash, scopes, agent_ids, tenant_ids) values ($1,$2,$3,'test',$4,$5,$6,$7,$8)",
      [
        newId("key"),
        environmentId,
        rows[0].id,
        raw.slice(-4),
        sha256(raw),
        scopes,
        options.agent_ids ?? [],
        options.tenant_ids ?? [],
      ],
    );
    return raw;
  }

  async function environment(slug: string): Promise<string> {
    const { newId } = await import("../../platform/ids");
    const id = newId("env");
    await sql().query(
      "insert into environments (id, slug, name, kind) values ($1, $2, $2, 'production') on conflict (slug) do nothing",
      [id, slug],
    );
    return (await sql().query("select id from environments where slug = $1", [slug])).rows[0].id;
  }

  /** As the worker does it, until nothing is left to look at. */
  const detect = async () => {
    while ((await detectOnce()) > 0);
  };
  const get = (path: string, options?: Parameters<typeof call>[3]) => call("GET", path, undefined, options);
  const post = (path: string, body: unknown = {}, options?: Parameters<typeof call>[3]) =>
    call("POST", path, body, options);
  const put = (path: string, body: unknown, options?: Parameters<typeof call>[3]) => call("PUT", path, body, options);
  const query = async (text: string, values: unknown[] = []) => (await sql().query(text, values)).rows as Json[];

  let n = 0;
  /** Opens a run with an agent of its own, unless told otherwise. */
  async function openRun(body: Json = {}, options?: Parameters<typeof call>[3]) {
    n++;
    const answer = await post(
      "/runs",
      { request_id: `req-${n}-${name}`, agent_id: `agent-${n}`, task_type: "task", ...body },
      options,
    );
    return {
      ...answer,
      run_id: answer.body.run_id as unknown as string,
      lease: answer.body.lease as unknown as { token: string } | null,
    };
  }

  /** As the worker does it; a slow test is no gap in which the server did not run, unless the test says so. */
  const sweepNow = async (options: { gap?: boolean } = {}) => {
    if (!options.gap) await query("update installation set alive_at = now()");
    await sweep();
    await sweepHolds();
    await askMachines();
    await sweepApprovals();
  };

  return { origin, rootKey, call, get, post, put, query, key, environment, openRun, sweep: sweepNow, detect, url };
}

export type Api = Awaited<ReturnType<typeof startApi>>;

/** Until it is so, or five seconds are over: no test sleeps for a fixed time. */
export async function until<T>(look: () => Promise<T | null | undefined | false>, ms = 5_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error("it did not become so in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}
