export { loadBudgets } from "@/components/budgets/search-params";
