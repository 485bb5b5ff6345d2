#!/usr/bin/env node
import { main } from "./main.js";

const { env } = process;
const ended = new AbortController();
process.once("SIGINT", () => ended.abort());
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env,
  signal: ended.signal,
});
