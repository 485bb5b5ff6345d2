import { listAudit, verifyChain } from "../../audit";
import { auditShape, verifyShape } from "../../audit/schema";
import { type Endpoint, verb } from "../endpoint";

const tag = "audit";

export const auditRoutes: Endpoint[] = [
  verb(listAudit, { method: "get", path: "/audit", tag, summary: "Who did what, newest first", output: auditShape }),
  verb(verifyChain, {
    method: "get",
    path: "/audit/verify",
    tag,
    summary: "Recompute every hash of the chain",
    output: verifyShape,
  }),
];
