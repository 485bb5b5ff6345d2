"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { EnvironmentShape } from "@/lib/tenancy/schema";

export type PlaceValue = {
  environment: EnvironmentShape;
  person: { name: string; email: string };
  may: Record<string, boolean>;
};
const PlaceContext = createContext<PlaceValue | null>(null);

export const PlaceProvider = ({ value, children }: { value: PlaceValue; children: ReactNode }) => (
  <PlaceContext.Provider value={value}>{children}</PlaceContext.Provider>
);

/** Where the page stands, who looks at it, and what they may do there. */
export function usePlace(): PlaceValue {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("usePlace outside a console page");
  return place;
}
