"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ChannelShape, ChannelWritten, DeliveryShape, TestShape } from "@/lib/notifications/schema";
import { ApiProblem, api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { wordsOf } from "../runs/problem";
import { testWords } from "./words";

const at = (slug: string): string => `/channels/${encodeURIComponent(slug)}`;

/** An act on channels: the server's word first, then the toast, then the page is read again. */
function useAct<V, T>(
  run: (call: ReturnType<typeof api>, values: V) => Promise<T>,
  done: (answer: T, values: V) => void,
) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: V) => run(api(slug), values),
    onSuccess: done,
    onSettled: () => client.invalidateQueries({ queryKey: [slug, "notifications"] }),
  });
}

/** Sends a real message; its answer is the toast. */
export function useTest() {
  const { slug } = usePlace().environment;
  const test = useAct(
    (call, c: ChannelShape) => call.post<TestShape>(`${at(c.slug)}/test`),
    (answer, c) => {
      const { tone, title } = testWords(answer);
      notify({ tone, title, message: c.name, audit: auditOf(slug, answer.audit_row) });
    },
  );
  const start = (c: ChannelShape) =>
    test.mutate(c, {
      onError: (error) => notify({ tone: "bad", title: "The test was not sent", message: wordsOf(error) }),
    });
  return { start, running: test.isPending ? test.variables.slug : null };
}

export function useRetry() {
  const { slug } = usePlace().environment;
  const retry = useAct(
    (call, d: DeliveryShape) =>
      call.post<{ audit_row: number }>(`/deliveries/${encodeURIComponent(d.delivery_id)}/retry`),
    (answer, d) =>
      notify({
        tone: "good",
        title: "It is tried again now",
        message: d.title,
        audit: auditOf(slug, answer.audit_row),
      }),
  );
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
export function useSave(done: (made: ChannelWritten) => void) {
  const { slug } = usePlace().environment;
  return useAct(
    (call, { name, body }: { name: string; body: ChannelBody }) => call.put<ChannelWritten>(at(name), body),
    (answer) => {
      notify({ tone: "good", title: `The channel ${answer.name} is kept`, audit: auditOf(slug, answer.audit_row) });
      done(answer);
    },
  );
}

export function useDelete(done: () => void) {
  const { slug } = usePlace().environment;
  return useAct(
    (call, { of, reason }: { of: ChannelShape; reason: string }) =>
      call.delete<{ audit_row: number }>(`${at(of.slug)}?reason=${encodeURIComponent(reason)}`),
    (answer, { of }) => {
      notify({ tone: "good", title: `The channel ${of.name} is deleted`, audit: auditOf(slug, answer.audit_row) });
      done();
    },
  );
}
