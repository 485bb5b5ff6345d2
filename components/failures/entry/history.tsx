"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { RevisionShape } from "@/lib/failures/schema";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { ExactTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { revisionsQuery } from "../queries";
import s from "./entry.module.css";

const CHANGE: Record<RevisionShape["change"], string> = {
  created: "Entered",
  adopted: "Expected, from the catalogue",
  changed: "Changed",
  incident: "Compared with an incident",
  imported: "Imported",
  deleted: "Deleted",
};
const FIELD: Record<string, string> = {
  root_cause: "root cause",
  stop_reasons: "stop reasons",
  actual: "what an incident showed",
};
const fieldWords = (field: string): string => FIELD[field] ?? field;
const what = (r: RevisionShape): string =>
  r.change === "changed" && r.changed.length > 0
    ? `Changed ${r.changed.map((c) => fieldWords(c.field)).join(", ")}`
    : CHANGE[r.change];

/** Plain words of a value; what has parts, one a line. */
function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((v) => shown(v)).join("\n");
  if (typeof value === "object")
    return Object.entries(value)
      .filter(([, v]) => v !== null && !(Array.isArray(v) && v.length === 0))
      .map(([key, v]) => `${key}: ${Array.isArray(v) ? v.join(", ") : shown(v)}`)
      .join("\n");
  return String(value);
}

/** Who changed what and when; the newest first. */
export function History({ slug: name }: { slug: string }) {
  const { slug } = usePlace().environment;
  const read = useQuery(revisionsQuery(slug, name));
  const items = read.data?.items ?? [];
  return (
    <Panel title="History" sub={read.data && counted(items.length, "revision")}>
      {read.isError && !read.data ? (
        <Problem title="The history could not be read" error={read.error} onRetry={() => void read.refetch()} />
      ) : !read.data ? (
        <Loading what="the history" shape="rows" rows={3} />
      ) : (
        <ol className={s.list}>
          {items.map((r) => (
            <Revision key={r.revision} of={r} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Revision({ of }: { of: RevisionShape }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <b>{of.revision}</b>
      <span>
        {what(of)}
        {of.note && <>: {of.note}</>}
        <small>
          {of.by.name}, <ExactTime at={of.at} />
        </small>
      </span>
      {of.changed.length > 0 && (
        <Button
          size="xs"
          variant="subtle"
          aria-expanded={open}
          aria-label={`diff of revision ${of.revision}`}
          onClick={() => setOpen(!open)}
        >
          diff
        </Button>
      )}
      {open && (
        <dl className={s.diff}>
          {of.changed.map((c) => (
            <div key={c.field}>
              <dt>{fieldWords(c.field)}</dt>
              {c.before !== null && <dd data-was>{shown(c.before)}</dd>}
              <dd data-now>{shown(c.after)}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
