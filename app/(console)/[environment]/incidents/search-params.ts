export { loadIncidents } from "@/components/incidents/search-params";
