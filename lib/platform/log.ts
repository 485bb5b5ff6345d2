import pino from "pino";
import { env } from "./env";

/** The structured log: JSON lines on standard error, so that standard output stays for what a person is told at start. */
export const log = pino(
  {
    level: env().LOG_LEVEL,
    base: undefined,
    redact: {
      paths: ["authorization", "cookie", "token", "password", "*.authorization", "*.password"],
      censor: "[redacted]",
    },
  },
  pino.destination({ fd: 2, sync: false }),
);
