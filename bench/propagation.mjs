import http from "node:http";
import { AUTH, call, keep, median, percentile, ratio, round, rss, startBare, startInterlock } from "./lib.mjs";

// Row 5: from the moment a switch is asked for until the last agent has been told, beside a bare fan-out of the same bytes.
const SIZES = (process.env.SIZES ?? "1000").split(",").map(Number);
const COUNT = Number(process.env.ROUNDS ?? 5);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Opens streams; `next()` resolves with one time per stream once each has heard of `wanted`. */
async function listeners(count, url, headers) {
  const heard = new Array(count).fill(0);
  let wanted = null;
  let left = 0;
  let done = () => {};
  const requests = await Promise.all(
    Array.from(
      { length: count },
      (_, n) =>
        new Promise((resolve, reject) => {
          const request = http.get(url(n), { headers, agent }, (answer) => {
            answer.on("data", (chunk) => {
              if (wanted === null || heard[n] !== 0 || !chunk.includes(wanted)) return;
              heard[n] = performance.now();
              if (--left === 0) done();
            });
            resolve(request);
          });
          request.on("error", reject);
        }),
    ),
  );
  return {
    expect: (text) => {
      heard.fill(0);
      wanted = text;
      left = count;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve([...heard]), 20_000);
        done = () => {
          clearTimeout(timer);
          resolve([...heard]);
        };
      });
    },
    close: () => {
      for (const r of requests) r.destroy();
    },
  };
}

/** Long polls that come back at once, as agents do. */
function pollers(count, url) {
  const heard = new Array(count).fill(0);
  let wanted = null;
  let left = 0;
  let done = () => {};
  let on = true;
  const ask = (n, etag) =>
    new Promise((resolve) => {
      const headers = { ...AUTH, ...(etag ? { "if-none-match": etag } : {}) };
      const request = http.get(url(n), { headers, agent }, (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ etag: answer.headers.etag ?? etag, text }));
      });
      request.on("error", () => resolve({ etag, text: "" }));
    });
  const loop = async (n) => {
    let etag = null;
    while (on) {
      const answer = await ask(n, etag);
      etag = answer.etag;
      if (wanted !== null && heard[n] === 0 && answer.text.includes(wanted)) {
        heard[n] = performance.now();
        if (--left === 0) done();
      }
    }
  };
  for (let n = 0; n < count; n++) void loop(n);
  return {
    expect: (text) => {
      heard.fill(0);
      wanted = text;
      left = count;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve([...heard]), 20_000);
        done = () => {
          clearTimeout(timer);
          resolve([...heard]);
        };
      });
    },
    stop: () => {
      on = false;
    },
  };
}

const summary = (start, times) => {
  const reached = times.filter((t) => t > 0).map((t) => t - start);
  return {
    reached: reached.length,
    p50: percentile(reached, 50),
    p99: percentile(reached, 99),
    max: Math.max(...reached),
  };
};

const il = await startInterlock();
// A row that is updated, a notification, a listener that writes to every stream: nothing else is decided or kept.
const bare = await startBare(`
  import { createServer } from "node:http";
  import pg from "pg";
  const connectionString = ${JSON.stringify(await il.database())};
  const pool = new pg.Pool({ connectionString, max: 2 });
  const listener = new pg.Client({ connectionString });
  await listener.connect();
  await pool.query("create table if not exists bare_flip (id int primary key, body text); insert into bare_flip values (1, '') on conflict do nothing");
  await listener.query("listen bare_flip");
  const open = new Set();
  listener.on("notification", async () => {
    const { rows } = await pool.query("select body from bare_flip where id = 1");
    const frame = Buffer.from("event: control\\nid: 1\\ndata: " + rows[0].body + "\\n\\n");
    for (const r of open) r.write(frame);
  });
  const server = createServer((req, res) => {
    if (req.method === "POST") {
      let text = ""; req.on("data", (d) => { text += d; });
      req.on("end", async () => { await pool.query("with u as (update bare_flip set body = $1 where id = 1) select pg_notify('bare_flip', '1')", [text]); res.end(); });
      return;
    }
    res.writeHead(200, { "content-type": "text/event-stream" }); res.flushHeaders(); open.add(res); res.on("close", () => open.delete(res));
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(String(server.address().port)));
`);
const result = {};
const flip = async (mark) => {
  const asked = performance.now();
  const { switch_id } = await call(il.origin, "POST", "/switches", {
    scope: { kind: "environment" },
    mode: "stop",
    reason: mark,
  });
  return { asked, release: () => call(il.origin, "POST", `/switches/${switch_id}/release`, { reason: "bench" }) };
};

try {
  for (const size of SIZES) {
    const ours = await listeners(
      size,
      (n) => `${il.origin}/api/v1/control/stream?agent_id=bench&instance_id=b-${n}`,
      AUTH,
    );
    const theirs = await listeners(size, () => `${bare.origin}/`, {});
    await new Promise((r) => setTimeout(r, 1_000));
    const memory = rss(il.front);
    const rows = { ours: [], bare: [] };
    const body = await fetch(`${il.origin}/api/v1/control?agent_id=x`, { headers: AUTH }).then((r) => r.text());
    for (let n = 0; n < COUNT; n++) {
      const mark = `mark-${size}-${n}`;
      const told = ours.expect(mark);
      const { asked, release } = await flip(mark);
      rows.ours.push(summary(asked, await told));
      await release();
      await new Promise((r) => setTimeout(r, 300));
      const plain = theirs.expect(mark);
      const start = performance.now();
      await fetch(bare.origin, { method: "POST", body: body.replace('"reason":null', `"reason":"${mark}"`) });
      rows.bare.push(summary(start, await plain));
    }
    const pick = (side, of) => round(median(rows[side].map((r) => r[of])));
    result[`${size} streams`] = {
      reached: `${Math.min(...rows.ours.map((r) => r.reached))} of ${size} at every flip`,
      ours_ms: { p50: pick("ours", "p50"), p99: pick("ours", "p99"), max: pick("ours", "max") },
      bare_ms: { p50: pick("bare", "p50"), p99: pick("bare", "p99"), max: pick("bare", "max") },
      p99_ratio: ratio(
        rows.ours.map((r) => r.p99),
        rows.bare.map((r) => r.p99),
      ),
      front_memory_mib: round(memory, 0),
    };
    ours.close();
    theirs.close();
    await new Promise((r) => setTimeout(r, 500));
  }

  const streams = await listeners(
    500,
    (n) => `${il.origin}/api/v1/control/stream?agent_id=mix&instance_id=s-${n}`,
    AUTH,
  );
  const polls = pollers(500, (n) => `${il.origin}/api/v1/control?agent_id=mix&instance_id=p-${n}&wait_s=30`);
  await new Promise((r) => setTimeout(r, 1_500));
  const mixed = [];
  for (let n = 0; n < COUNT; n++) {
    const both = Promise.all([streams.expect(`mixed-${n}`), polls.expect(`mixed-${n}`)]);
    const { asked, release } = await flip(`mixed-${n}`);
    const [s, p] = await both;
    mixed.push({ stream: summary(asked, s), poll: summary(asked, p) });
    await release();
    await new Promise((r) => setTimeout(r, 500));
  }
  polls.stop();
  streams.close();
  const of = (side, what) => round(median(mixed.map((m) => m[side][what])));
  const reach = (side) => Math.min(...mixed.map((m) => m[side].reached));
  result["500 streams and 500 long polls"] = {
    reached: `${reach("stream")} of 500 streams, ${reach("poll")} of 500 polls, at every stop`,
    stream_ms: { p50: of("stream", "p50"), p99: of("stream", "p99"), max: of("stream", "max") },
    poll_ms: { p50: of("poll", "p50"), p99: of("poll", "p99"), max: of("poll", "max") },
  };
  keep("propagation", {
    target: "p99 <= 1.5x the bare fan-out; front <= 200 MiB at 1,000 streams; all reached",
    rounds: COUNT,
    result,
  });
} finally {
  bare.stop();
  await il.stop();
  process.exit(0);
}
