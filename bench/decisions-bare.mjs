import { createServer } from "node:http";
import pg from "pg";

// The peers of bench/decisions.mjs: each holds a budget and writes a record per request, and knows nothing else.
const [, , kind] = process.argv;
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: kind === "batch" ? 2 : 16 });
await pool
  .query(`
  create table if not exists bench_budgets (key text primary key, used bigint not null default 0, amount bigint not null default 1000000000000);
  create table if not exists bench_decisions (id bigserial primary key, run_id text not null, at timestamptz not null default clock_timestamp(), body jsonb not null);
  create index if not exists bench_decisions_by_run on bench_decisions (run_id, at);
  create table if not exists bench_round (n int);`)
  .catch(() => undefined);
await pool
  .query(`create or replace function bench_decide(k text, v jsonb) returns boolean language plpgsql as $$
  begin
    insert into bench_budgets (key) values (k) on conflict do nothing;
    update bench_budgets set used = used + 1 where key = k and used + 1 <= amount;
    if not found then return false; end if;
    insert into bench_decisions (run_id, body) values (k, v);
    return true;
  end $$`)
  .catch(() => undefined);

const waiting = [];
let inFlight = 0;
async function flush() {
  if (waiting.length === 0 || inFlight >= 2) return;
  const batch = waiting.splice(0, 256);
  inFlight++;
  try {
    // Rows are locked in the order of their keys; a running sum over the batch grants exactly what fits.
    await pool.query({
      name: "bench-batch",
      text: `with q as (select * from unnest($1::text[], $2::text[]) with ordinality as q(key, body, n)),
        made as (insert into bench_budgets (key) select distinct key from q on conflict do nothing),
        held as (select b.key, b.amount - b.used as room from bench_budgets b where b.key in (select key from q) order by b.key for update),
        ranked as (select q.*, row_number() over (partition by q.key order by q.n) as nth from q),
        granted as (select r.key, r.body from ranked r left join held h on h.key = r.key where r.nth <= coalesce(h.room, 1000000)),
        spent as (update bench_budgets b set used = b.used + g.n from (select key, count(*) as n from granted group by 1) g where b.key = g.key)
        insert into bench_decisions (run_id, body) select key, body::jsonb from granted`,
      values: [batch.map((w) => w.run), batch.map((w) => w.body)],
    });
    for (const w of batch) w.done();
  } finally {
    inFlight--;
    void flush();
  }
}

let prisma;
if (kind === "prisma") {
  const { build } = await import("esbuild");
  const out = `${process.cwd()}/node_modules/.cache/bench-prisma-${process.pid}.mjs`;
  await build({
    stdin: {
      contents:
        'export { PrismaClient } from "./prisma/generated/client"; export { PrismaPg } from "@prisma/adapter-pg";',
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: out,
    packages: "external",
  });
  const { PrismaClient, PrismaPg } = await import(out);
  prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
}
/** As it is written first: read the budget, compare, count up, write a row, all in one transaction of model calls. */
const byPrisma = (run, body) =>
  prisma.$transaction(
    async (tx) => {
      const where = { environmentId_slug: { environmentId: "bench", slug: run } };
      const budget = await tx.budget.upsert({
        where,
        update: {},
        create: {
          environmentId: "bench",
          slug: run,
          scopeKind: "run",
          scopeKey: run,
          metric: "usd",
          window: "day",
          amount: 0n,
          updatedBy: "bench",
        },
      });
      if (budget.amount > 1_000_000_000_000n) return false;
      await tx.budget.update({ where, data: { amount: { increment: 1 } } });
      await tx.policyVersion.create({
        data: {
          environmentId: "bench",
          policyId: run,
          version: Math.floor(Math.random() * 2_000_000_000),
          state: "draft",
          document: body,
          source: "",
          format: "json",
          authorId: "b",
          authorName: "b",
        },
      });
      return true;
    },
    { maxWait: 20_000, timeout: 20_000 },
  );

const one = {
  batch: (run, body) =>
    new Promise((done) => {
      waiting.push({ run, body, done });
      void flush();
    }),
  function: (run, body) =>
    pool.query({ name: "bench-one", text: "select bench_decide($1, $2::jsonb)", values: [run, body] }),
  prisma: (run, body) => byPrisma(run, JSON.parse(body)),
}[kind];

const server = createServer((req, res) => {
  const chunks = [];
  req.on("data", (c) => chunks.push(c));
  req.on("end", async () => {
    const body = Buffer.concat(chunks).toString();
    try {
      await one(JSON.parse(body).run_id, body);
      res.writeHead(200, { "content-type": "application/json" });
      res.end('{"outcome":"allow"}');
    } catch (err) {
      res.writeHead(500);
      res.end(String(err));
    }
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(String(server.address().port)));
