import { readFileSync } from "node:fs";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65535);
const flag = z.enum(["true", "false", "1", "0"]).transform((v) => v === "true" || v === "1");
const key = z.string().regex(/^ilk_[A-Za-z0-9_-]{32,}$/, "must look like ilk_ and at least 32 of A-Z a-z 0-9 _ -");

/** Every environment variable that Interlock reads. The table in docs/configuration.md is held to this by a test. */
export const variables = z.object({
  PORT: port.default(3000).describe("Port of the front process."),
  HOST: z.string().default("127.0.0.1").describe("Address the front process listens on."),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must be a postgres:// address")
    .optional()
    .describe("A Postgres 15 or later of yours; without it an embedded one starts."),
  INTERLOCK_DATA_DIR: z.string().default("./.interlock").describe("Where the embedded database and secrets live."),
  INTERLOCK_PUBLIC_URL: z.url().optional().describe("The address people use, when a proxy stands in front."),
  NEXTAUTH_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe("Signs sessions; made and kept in the data folder if absent."),
  INTERLOCK_INIT_ENVIRONMENT: z.string().default("production").describe("Name of the first environment."),
  INTERLOCK_INIT_ADMIN_EMAIL: z.email().optional().describe("First administrator, for a headless start."),
  INTERLOCK_INIT_ADMIN_PASSWORD: z.string().min(8).optional().describe("Password of the first administrator."),
  INTERLOCK_INIT_KEY: key.optional().describe("Made a key with every scope at the first start."),
  INTERLOCK_PROCESSES: z.coerce.number().int().min(1).max(3).default(1).describe("Front processes."),
  INTERLOCK_WORKER: z
    .enum(["inline", "only", "off"])
    .default("inline")
    .describe("inline: beside the front; only: jobs and nothing else; off: no jobs here."),
  INTERLOCK_RETENTION_DAYS: z.coerce.number().int().min(1).default(90).describe("Days that spans are kept."),
  AUTH_GITHUB_ID: z.string().optional().describe("Sign-in with GitHub."),
  AUTH_GITHUB_SECRET: z.string().optional().describe("Sign-in with GitHub."),
  AUTH_GOOGLE_ID: z.string().optional().describe("Sign-in with Google."),
  AUTH_GOOGLE_SECRET: z.string().optional().describe("Sign-in with Google."),
  AUTH_OIDC_ISSUER: z.url().optional().describe("Sign-in with any OpenID Connect provider."),
  AUTH_OIDC_ID: z.string().optional().describe("Sign-in with any OpenID Connect provider."),
  AUTH_OIDC_SECRET: z.string().optional().describe("Sign-in with any OpenID Connect provider."),
  LOG_LEVEL: z
    .enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"])
    .default("info")
    .describe("Of the structured log."),
  INTERLOCK_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(20)
    .default(6)
    .describe("Set by the supervisor: connections of this process."),
  INTERLOCK_NEXT_SOCKET: z.string().optional().describe("Set by the supervisor: where the console listens."),
  INTERLOCK_DEMO: flag.default(false).describe("Set by npm start -- --demo: the demo fleet runs beside the server."),
  INTERLOCK_DEV: flag.default(false).describe("Set by npm run dev."),
  INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: flag
    .default(false)
    .describe("Let validators and webhooks reach this machine and private networks."),
  INTERLOCK_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must be an smtp:// or smtps:// address")
    .optional()
    .describe("The mail server that channels of kind email send through; may hold user and password."),
  INTERLOCK_MAIL_FROM: z.string().max(200).optional().describe("Whom mails are from; else interlock@ the public host."),
  INTERLOCK_TRUST_PROXY: flag.default(false).describe("Believe X-Forwarded-For of the proxy in front."),
});
export type Env = z.output<typeof variables>;

/** Secrets may come as NAME_FILE: a path whose content is the value. */
function withFiles(source: Record<string, string | undefined>): Record<string, string | undefined> {
  const out: Record<string, string | undefined> = {};
  for (const name of Object.keys(variables.shape)) {
    const direct = source[name];
    const file = source[`${name}_FILE`];
    if (direct !== undefined && direct !== "") out[name] = direct;
    else if (file) out[name] = readFileSync(file, "utf8").trim();
  }
  return out;
}

/** @throws Error with one line a person can act on, naming each bad variable. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = variables.safeParse(withFiles(source));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
}

let cached: Env | undefined;
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

/** What the supervisor hands to its children: the whole environment of this process with these laid over it. */
export function childEnv(over: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...over };
}

/** For values learnt at start (the embedded database's address, a secret made): later reads of env() see them. */
export function provide(over: Record<string, string>): void {
  Object.assign(process.env, over);
  cached = undefined;
}
