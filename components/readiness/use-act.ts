"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";

/** An act on the gate or its targets: the server's word first, then the toast with its audit row, then the page is read again. */
export function useAct<V, T extends { audit_row: number }>(
  run: (call: ReturnType<typeof api>, values: V) => Promise<T>,
  said: (answer: T, values: V) => string,
  done?: (answer: T, values: V) => void,
) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: V) => run(api(slug), values),
    onSuccess: (answer, values) => {
      notify({ tone: "good", title: said(answer, values), audit: auditOf(slug, answer.audit_row) });
      done?.(answer, values);
    },
    onSettled: () => client.invalidateQueries({ queryKey: [slug, "readiness"] }),
  });
}
