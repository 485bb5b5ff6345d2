"use client";

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { usePlace } from "../../frame/place";
import { type Checked, checkQuery } from "../queries";
import { refused, warnings } from "./problems";
import type { Problem } from "./said";
import { type Format, type Parsed, parseText } from "./text";

const REST_MS = 700;

export type CheckedText = {
  parsed: Parsed;
  problems: Problem[];
  errors: number;
  /** The server's word on this very text; undefined while it is awaited or may not be asked. */
  checked: Checked | undefined;
  checking: boolean;
  failed: unknown;
};

/** Once the typing rests the text is read, and the server asked; what stood wrong before stays until then. */
export function useChecked(policyId: string, text: string, format: Format): CheckedText {
  const { environment } = usePlace();
  const parsed = useMemo(() => parseText(text, format), [text, format]);
  const [rested] = useDebouncedValue(text, REST_MS);
  const read = useMemo(() => parseText(rested, format), [rested, format]);
  const check = useQuery({
    ...checkQuery(environment.slug, { policyId, text: rested, format }),
    enabled: read.ok && rested === text,
  });
  const said = check.data;
  const problems = useMemo((): Problem[] => {
    if (!read.ok)
      return [{ from: read.from, to: read.to, severity: "error", title: "Cannot be read.", message: read.message }];
    return said && !said.valid ? refused(rested, said.errors) : warnings(rested, read);
  }, [rested, read, said]);
  return {
    parsed,
    problems,
    errors: problems.filter((problem) => problem.severity === "error").length,
    checked: rested === text ? said : undefined,
    checking: parsed.ok && (rested !== text || check.isFetching),
    failed: check.error,
  };
}
