export { loadEffectiveParams, loadPolicyParams } from "@/components/policies/search-params";
