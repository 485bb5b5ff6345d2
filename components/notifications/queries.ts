import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { channelsShape, deliveriesShape } from "@/lib/notifications/schema";
import { api } from "../api";
import { type LogFilter, logPath } from "./search-params";

export type Channels = z.output<typeof channelsShape>;
export type Deliveries = z.output<typeof deliveriesShape>;

export const channelsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "notifications", "channels"],
    queryFn: ({ signal }) => api(environment).get<Channels>("/channels", signal),
    // A delivery that is tried again comes in its own time.
    refetchInterval: 15_000,
  });

export const deliveriesQuery = (environment: string, filter: LogFilter) =>
  queryOptions({
    queryKey: [environment, "notifications", "log", filter],
    queryFn: ({ signal }) => api(environment).get<Deliveries>(logPath(filter), signal),
    refetchInterval: 15_000,
  });
