import { appendRow } from "../platform/audit-row";
import { type Ctx, INSTALLATION } from "../platform/ctx";
import { Failure } from "../platform/errors";
import { parse, reader, transaction } from "../platform/verb";
import { PLACEHOLDER_EMAIL } from "./bootstrap";
import { checkPassword, hashPassword } from "./passwords";
import { setUpInput, slugOf } from "./schema";
import * as store from "./store";
import { countAttempt } from "./throttle";

/** Is somebody still to say who the administrator is? */
export async function isSetUp(): Promise<boolean> {
  return (await store.installation(reader().prisma)).setUpAt !== null;
}

/**
 * First visit: whoever holds the one-time password names the administrator and the environment.
 * @throws Failure `unauthorized`, `conflict` once it has been done, `too_many_requests`
 */
export async function setUp(
  requestId: string,
  from: string,
  raw: unknown,
): Promise<{ environment: string; audit_row: number }> {
  const input = parse(setUpInput, raw);
  const attempt = await countAttempt(PLACEHOLDER_EMAIL, from);
  const passwordHash = await hashPassword(input.password);
  const admin = await reader().prisma.person.findFirst({ where: { oneTime: true }, orderBy: { createdAt: "asc" } });
  if (await isSetUp()) throw new Failure("conflict", "The administrator has been set up already. Sign in instead.");
  if (!admin || !(await checkPassword(admin.passwordHash, input.one_time_password)))
    throw new Failure("unauthorized", "This is not the one-time password that the first start printed.");
  await attempt.giveBack();
  return transaction(async (tx) => {
    const { count } = await tx.person.updateMany({
      where: { id: admin.id, oneTime: true },
      data: { email: input.email, name: input.name, passwordHash, oneTime: false },
    });
    if (count === 0) throw new Failure("conflict", "The administrator has been set up already. Sign in instead.");
    await store.markSetUp(tx);
    const [environment] = await store.environments(tx);
    if (!environment) throw new Failure("internal", "There is no environment.");
    const { name, kind } = input.environment;
    const slug = slugOf(name, kind);
    await tx.environment.update({ where: { id: environment.id }, data: { name, kind, slug } });
    const actor = { type: "person" as const, id: admin.id, name: input.name, email: input.email, roles: [] };
    const ctx: Ctx = { environmentId: INSTALLATION, actor, requestId, now: () => new Date() };
    const audit_row = await appendRow(tx, ctx, "installation.set_up", {
      target: { type: "person", id: admin.id },
      summary: `became the first administrator and named the environment ${slug}`,
    });
    return { environment: slug, audit_row };
  });
}
