import { createLoader } from "nuqs/server";
import { settingsParams } from "@/components/tenancy/tabs";

export const loadSettingsParams = createLoader(settingsParams);
