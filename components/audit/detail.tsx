"use client";

import type { AuditShape } from "@/lib/audit/schema";
import { CopyButton, CopyId } from "../kit/copy";
import { integer } from "../kit/numbers";
import { KeyValue, Panel } from "../kit/panel";
import { Mono } from "../kit/text";
import { ExactTime } from "../kit/time";
import s from "./audit.module.css";
import { Actor } from "./columns";
import { Diff } from "./diff";

/** One row in full: who, what it was before and is after, and where it hangs in the chain. */
export function AuditDetail({ row, link }: { row: AuditShape; link: string }) {
  return (
    <Panel
      title={`Row ${integer(row.seq)}`}
      sub={<Mono>{row.action}</Mono>}
      right={<CopyButton text={link} label="Copy link" name="Link to this row" />}
      label={`Row ${row.seq}`}
    >
      <KeyValue
        padded
        items={[
          { term: "Who", value: <Actor row={row} /> },
          { term: "When", value: <ExactTime at={row.at} full /> },
          { term: "What", value: row.summary },
          {
            term: "Of what",
            value: (
              <>
                {row.target.type} <CopyId id={row.target.id} name={`${row.target.type} id`} head={14} />
              </>
            ),
          },
          { term: "Who, as id", value: <CopyId id={row.actor.id} name="actor id" head={14} /> },
          { term: "Request", value: <CopyId id={row.request_id} name="request id" /> },
        ]}
      />
      <Diff before={row.before} after={row.after} />
      <div className={s.hashes}>
        <KeyValue
          padded
          items={[
            {
              term: "Before it",
              value: (
                <>
                  {row.seq === 1 ? "nothing" : integer(row.seq - 1)}{" "}
                  <CopyId id={row.prev_hash} name="hash of the row before" head={4} tail={4} />
                </>
              ),
            },
            {
              term: "This row",
              value: (
                <>
                  {integer(row.seq)} <CopyId id={row.hash} name="hash of this row" head={4} tail={4} />
                </>
              ),
            },
          ]}
        />
      </div>
    </Panel>
  );
}
