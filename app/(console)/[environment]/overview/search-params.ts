import { createLoader } from "nuqs/server";
import { overviewParams } from "@/components/overview/ranges";

export const loadOverviewParams = createLoader(overviewParams);
