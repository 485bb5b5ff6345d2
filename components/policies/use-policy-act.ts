"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";

type Act<V, T> = {
  run: (call: ReturnType<typeof api>, values: V) => Promise<T>;
  said: (answer: T, values: V) => string;
  done?: (answer: T) => void;
};

/** An act on a policy: the server's word first, then the toast with its audit row, then the policies are read again. */
export function usePolicyAct<V, T extends { audit_row: number }>({ run, said, done }: Act<V, T>) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: V) => run(api(slug), values),
    onSuccess: async (answer, values) => {
      await client.invalidateQueries({ queryKey: [slug, "policies"] });
      done?.(answer);
      notify({
        tone: "good",
        title: said(answer, values),
        audit: { label: `Audit row ${answer.audit_row}`, href: `/${slug}/audit?row=${answer.audit_row}` },
      });
    },
  });
}
