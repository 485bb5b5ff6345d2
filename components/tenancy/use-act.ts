"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";

type Act<V, T> = {
  run: (call: ReturnType<typeof api>, values: V) => Promise<T & { audit_row: number }>;
  /** The toast's words; without them the dialog itself says it. */
  said?: (values: V, answer: T) => string;
  done?: (answer: T, values: V) => void;
};

/** An act of the settings: the server's word first, then the toast with its audit row, then what it concerns is read again. */
export function useAct<V, T = unknown>({ run, said, done }: Act<V, T>) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (values: V) => run(api(slug), values),
    onSuccess: (answer, values) => {
      if (said)
        notify({
          tone: "good",
          title: said(values, answer),
          audit: { label: `Audit row ${answer.audit_row}`, href: `/${slug}/audit?row=${answer.audit_row}` },
        });
      done?.(answer, values);
      return client.invalidateQueries({ queryKey: [slug, "settings"] });
    },
  });
}
