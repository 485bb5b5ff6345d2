export { loadRunList } from "@/components/runs/search-params";
