import type { EnvironmentShape } from "@/lib/tenancy/schema";

/** "production / support-eu"; a name that says its kind already stands alone. */
export const placeName = ({ name, kind }: Pick<EnvironmentShape, "name" | "kind">): string =>
  name.split("-").includes(kind) ? name : `${kind} / ${name}`;
