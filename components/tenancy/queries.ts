import { queryOptions } from "@tanstack/react-query";
import type { PriceShape } from "@/lib/runs/schema";
import type { EnvironmentShape, KeyShape, PersonShape } from "@/lib/tenancy/schema";
import { api } from "../api";

export const peopleQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "settings", "people"],
    queryFn: ({ signal }) => api(environment).get<{ items: PersonShape[] }>("/people", signal),
  });

export const keysQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "settings", "keys"],
    queryFn: ({ signal }) => api(environment).get<{ items: KeyShape[] }>("/keys", signal),
  });

export type Prices = { items: PriceShape[]; note: string };
export const pricesQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "settings", "prices"],
    queryFn: ({ signal }) => api(environment).get<Prices>("/prices", signal),
  });

export type Me = { person: { id: string; name: string; email: string }; environments: EnvironmentShape[] };
/** Who is signed in and where they may go. */
export const meQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "settings", "me"],
    queryFn: ({ signal }) => api(null).get<Me>("/me", signal),
  });
