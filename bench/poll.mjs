import { AUTH, keep, median, ratio, round, rounds, startBare, startInterlock, wrk } from "./lib.mjs";

// Row 1: the control poll, keys and tenancy paid, beside a bare Node server that answers the same bytes.
const SECONDS = Number(process.env.SECONDS ?? 2);
const COUNT = Number(process.env.ROUNDS ?? 5);

const il = await startInterlock();
try {
  const state = await fetch(`${il.origin}/api/v1/control?agent_id=bench`, { headers: AUTH });
  const etag = state.headers.get("etag");
  const body = await state.text();
  const bare = await startBare(`
    import { createServer } from "node:http";
    const body = Buffer.from(${JSON.stringify(body)});
    const etag = ${JSON.stringify(etag)};
    const server = createServer((req, res) => {
      if (req.headers["if-none-match"] === etag) { res.writeHead(304, { etag }); res.end(); return; }
      res.writeHead(200, { "content-type": "application/json", etag, "content-length": body.length }); res.end(body);
    });
    server.listen(0, "127.0.0.1", () => process.stdout.write(String(server.address().port)));
  `);
  const url = `${il.origin}/api/v1/control?agent_id=bench&instance_id=bench-1&applied_revision=${etag.replaceAll('"', "")}`;
  const result = {};
  for (const connections of [64, 512])
    for (const status of [200, 304]) {
      const headers = status === 304 ? { ...AUTH, "If-None-Match": etag } : AUTH;
      const r = await rounds(COUNT, {
        ours: async () => wrk(url, { connections, seconds: SECONDS, headers }),
        bare: async () =>
          wrk(`${bare.origin}/`, {
            connections,
            seconds: SECONDS,
            headers: status === 304 ? { "If-None-Match": etag } : {},
          }),
      });
      result[`${status} at ${connections} connections`] = {
        ours_rps: round(median(r.ours.map((x) => x.rps)), 0),
        bare_rps: round(median(r.bare.map((x) => x.rps)), 0),
        ratio: ratio(
          r.ours.map((x) => x.rps),
          r.bare.map((x) => x.rps),
        ),
        ours_p99_ms: round(median(r.ours.map((x) => x.p99))),
        bare_p99_ms: round(median(r.bare.map((x) => x.p99))),
      };
    }
  bare.stop();
  keep("poll", {
    target: "ratio >= 0.7 of bare Node at 64 and 512 connections, on 200 and 304",
    rounds: COUNT,
    result,
  });
} finally {
  await il.stop();
}
