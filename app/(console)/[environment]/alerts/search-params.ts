export { loadAlerts } from "@/components/alerts/search-params";
