"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Topic } from "../api";
import { notify } from "../kit/notify";
import { usePlace } from "./place";

type Answer = { audit_row?: number } | null | undefined;
type Said = Omit<Parameters<typeof notify>[0], "audit">;
export type Call = ReturnType<typeof api>;

/** The way to the row that an act left in the audit. */
export const auditOf = (slug: string, row: number | undefined) =>
  row === undefined ? undefined : { label: `Audit row ${row}`, href: `/${slug}/audit?row=${row}` };

/**
 * An act of a person: the server's word first, then the toast with its audit row, then what it concerns is read again,
 * after a refusal too: somebody may have been faster.
 */
export function useAct<V, T extends Answer = Answer>(act: {
  topics: (Topic | [Topic, string])[];
  run: (call: Call, values: V) => Promise<T>;
  /** The toast; without it the dialog itself says what came of it. */
  said?: (answer: T, values: V) => string | Said;
  /** Before anything is read again: what is gone is not asked for. */
  leave?: (answer: T, values: V) => void;
  /** Afterwards: what was made is there. */
  done?: (answer: T, values: V) => void;
}) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const again = () =>
    Promise.all(act.topics.map((topic) => client.invalidateQueries({ queryKey: [slug, ...[topic].flat()] })));
  return useMutation({
    mutationFn: (values: V) => act.run(api(slug), values),
    onSuccess: async (answer, values) => {
      const said = act.said?.(answer, values);
      if (said !== undefined)
        notify({
          ...(typeof said === "string" ? { tone: "good" as const, title: said } : said),
          audit: auditOf(slug, answer?.audit_row),
        });
      act.leave?.(answer, values);
      await again();
      act.done?.(answer, values);
    },
    onError: again,
  });
}
