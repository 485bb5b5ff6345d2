export { loadEntry, loadFailures } from "@/components/failures/search-params";
