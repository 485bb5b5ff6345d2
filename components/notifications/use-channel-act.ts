"use client";

import type { ChannelShape, ChannelWritten, DeliveryShape, TestShape } from "@/lib/notifications/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { notify } from "../kit/notify";
import { wordsOf } from "../runs/problem";
import { testWords } from "./words";

const at = (slug: string): string => `/channels/${encodeURIComponent(slug)}`;

/** Sends a real message; its answer is the toast. */
export function useTest() {
  const test = useAct({
    topics: ["notifications"],
    run: (call, c: ChannelShape) => call.post<TestShape & { audit_row?: number }>(`${at(c.slug)}/test`),
    said: (answer, c) => ({ ...testWords(answer), message: c.name }),
  });
  const start = (c: ChannelShape) =>
    test.mutate(c, {
      onError: (error) => notify({ tone: "bad", title: "The test was not sent", message: wordsOf(error) }),
    });
  return { start, running: test.isPending ? test.variables.slug : null };
}

export function useRetry() {
  const retry = useAct({
    topics: ["notifications"],
    run: (call, d: DeliveryShape) =>
      call.post<{ audit_row: number }>(`/deliveries/${encodeURIComponent(d.delivery_id)}/retry`),
    said: (_, d) => ({ tone: "good", title: "It is tried again now", message: d.title }),
  });
  const start = (d: DeliveryShape) =>
    retry.mutate(d, {
      onError: (error) =>
        notify({
          tone: error instanceof ApiProblem && error.status === 409 ? "warn" : "bad",
          title: "It is not tried again",
          message: wordsOf(error),
        }),
    });
  return { start, running: retry.isPending ? retry.variables.delivery_id : null };
}

export type ChannelBody = Record<string, unknown>;
export const useSave = (done: (made: ChannelWritten) => void) =>
  useAct({
    topics: ["notifications"],
    run: (call, { name, body }: { name: string; body: ChannelBody }) =>
      call.put<ChannelWritten & { audit_row: number }>(at(name), body),
    said: (answer) => `The channel ${answer.name} is kept`,
    done,
  });
