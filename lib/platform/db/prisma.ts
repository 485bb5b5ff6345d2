import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../../prisma/generated/client";
import { sql } from "./pool";

export type { Prisma } from "../../../prisma/generated/client";

let client: PrismaClient | undefined;

/** Prisma on the process's own pool: what people, switches and configuration read and write. */
export function prisma(): PrismaClient {
  client ??= new PrismaClient({ adapter: new PrismaPg(sql()) });
  return client;
}

export type Tx = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$use" | "$extends" | "$transaction">;
