export { type BatchItem, breakGlass, closeReview, giveVerdict, giveVerdicts } from "./decide";
export { askMachines, sweepApprovals } from "./jobs";
export { tokenFor } from "./link";
export { approvalCounts, getApproval, getCase, getGrant, listApprovals, listGrants, openLink } from "./reads";
export { makeGrant, revokeGrant, setSelfApproval } from "./standing";
export { APPROVALS_CHANNEL, withdrawFor } from "./store";
export { type CompiledGrant, grantsOf } from "./store/standing";
export { hearApproval, untilMoved } from "./watch";
