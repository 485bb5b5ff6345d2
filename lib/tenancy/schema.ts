import { z } from "zod";
import { ROLES, SCOPES } from "../platform/authz";
import { callerId, isoTime, text } from "../platform/fields";

export const ENVIRONMENT_KINDS = ["production", "staging", "development"] as const;
export type EnvironmentKind = (typeof ENVIRONMENT_KINDS)[number];

export const role = z.enum(ROLES);
export const scope = z.enum(SCOPES);
export const environmentName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/, "Small letters, digits and dashes, at most 48.");
export const password = z.string().min(8, "At least 8 characters.").max(200);
const email = z.email("Not an e-mail address.").max(200).toLowerCase();
const personName = text(100).pipe(z.string().trim().min(1, "A name is required."));
export const nothing = z.strictObject({});

export const signInInput = z.strictObject({ email, password: z.string().min(1).max(200), from: z.string().max(100) });
export const setUpInput = z.strictObject({
  one_time_password: z.string().min(1).max(200).describe("Printed by the first start."),
  name: personName,
  email,
  password,
  environment: z.strictObject({ name: environmentName, kind: z.enum(ENVIRONMENT_KINDS) }),
});
export const inviteInput = z.strictObject({
  email,
  name: personName,
  roles: z.array(role).min(1, "At least one role.").max(ROLES.length),
  everywhere: z.boolean().default(false).describe("In every environment, not only this one."),
});
export const rolesInput = z.strictObject({
  person_id: callerId,
  roles: z.array(role).max(ROLES.length),
  everywhere: z.boolean().default(false),
});
export const personInput = z.strictObject({ person_id: callerId });
export const passwordInput = z.strictObject({ current: z.string().min(1).max(200), password });
export const createKeyInput = z.strictObject({
  name: text(60).pipe(z.string().trim().min(1, "A name is required.")),
  scopes: z.array(scope).min(1, "At least one scope.").max(SCOPES.length),
  agent_ids: z.array(callerId).max(50).default([]).describe("Patterns with *; empty: any agent."),
  tenant_ids: z.array(callerId).max(50).default([]).describe("Patterns with *; empty: any tenant."),
  expires_at: isoTime.optional(),
});
export const keyInput = z.strictObject({ key_id: callerId });
export const createEnvironmentInput = z.strictObject({ name: environmentName, kind: z.enum(ENVIRONMENT_KINDS) });

export const environmentShape = z.object({
  environment_id: z.string(),
  slug: z.string().describe("Kind and name, as they stand in every address."),
  name: z.string(),
  kind: z.enum(ENVIRONMENT_KINDS),
  created_at: z.string(),
});
export const personShape = z.object({
  person_id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(role).describe("In this environment."),
  everywhere: z.array(role).describe("In every environment."),
  signs_in_by: z.array(z.string()),
  last_seen_at: z.string().nullable(),
  disabled: z.boolean(),
});
export const keyShape = z.object({
  key_id: z.string(),
  name: z.string(),
  tail: z.string().describe("The last four characters."),
  scopes: z.array(scope),
  agent_ids: z.array(z.string()),
  tenant_ids: z.array(z.string()),
  person: z.object({ person_id: z.string(), name: z.string() }),
  state: z.enum(["active", "expired", "revoked"]),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  created_at: z.string(),
});

export type EnvironmentShape = z.output<typeof environmentShape>;
export type PersonShape = z.output<typeof personShape>;
export type KeyShape = z.output<typeof keyShape>;

/** Kind and name in one word for addresses: `production`, `production-support-eu`, `team-x-staging`. */
export function slugOf(name: string, kind: EnvironmentKind): string {
  return name.split("-").includes(kind) ? name : `${kind}-${name}`;
}
