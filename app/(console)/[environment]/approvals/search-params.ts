export { loadApprovals } from "@/components/approvals/search-params";
