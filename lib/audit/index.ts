export { listAudit } from "./list";
export { verifyChain } from "./verify";
