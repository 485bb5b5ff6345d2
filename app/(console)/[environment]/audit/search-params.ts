import { createLoader } from "nuqs/server";
import { auditParams } from "@/components/audit/search-params";

export const loadAuditParams = createLoader(auditParams);
