import { createLoader } from "nuqs/server";
import { controlParams } from "@/components/controls/search-params";

export const loadControls = createLoader(controlParams);
