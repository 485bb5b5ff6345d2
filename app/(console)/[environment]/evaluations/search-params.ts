export { loadEvaluations } from "@/components/evaluations/search-params";
