import { parseAsStringLiteral } from "nuqs/server";

export const TABS = ["people", "environments", "notifications", "prices", "sign-in"] as const;
export type Tab = (typeof TABS)[number];
export const settingsParams = { tab: parseAsStringLiteral(TABS).withDefault("people") };
