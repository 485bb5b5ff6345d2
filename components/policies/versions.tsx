"use client";

import { useMemo, useState } from "react";
import type { PolicyVersionShape } from "@/lib/policies/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { Panel } from "../kit/panel";
import { Cut, Dim, Strong, TextLink } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";
import { countOf, diffLines } from "./diff/lines";
import { textIn } from "./document/text";
import { StateTag } from "./parts";
import s from "./policies.module.css";
import { RollBack } from "./roll-back";
import { NEEDS, policyHref } from "./words";

const SHOWN = 5;
const noteOf = (version: PolicyVersionShape): string =>
  version.note ?? (version.version === 1 ? "First" : "Without a note");

/** The newest few, beside a diff. */
export function VersionsPanel({ policyId, versions }: { policyId: string; versions: PolicyVersionShape[] }) {
  const { slug } = usePlace().environment;
  return (
    <Panel
      title="Versions"
      sub={String(versions.length)}
      foot={
        versions.length > SHOWN ? (
          <TextLink href={policyHref(slug, policyId, "?tab=versions")}>All {versions.length} versions</TextLink>
        ) : undefined
      }
    >
      <ol className={s.versions}>
        {versions.slice(0, SHOWN).map((each) => (
          <li key={each.version}>
            <b>{each.version}</b>
            <span>
              {noteOf(each)}
              <small>
                {each.author}, <RelativeTime at={each.created_at} />
              </small>
            </span>
            <StateTag state={each.state} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

type VersionRow = PolicyVersionShape & { added: number | null; removed: number | null };

function rowsOf(versions: PolicyVersionShape[]): VersionRow[] {
  return versions.map((each, n) => {
    const before = versions[n + 1];
    if (!before) return { ...each, added: null, removed: null };
    return { ...each, ...countOf(diffLines(textIn(before, "yaml"), textIn(each, "yaml"))) };
  });
}

/** Every version: who, why, what it changed, and the way back to it. */
export function VersionsTab({ policyId, versions }: { policyId: string; versions: PolicyVersionShape[] }) {
  const { environment, may } = usePlace();
  const allowed = may["policies.write"] === true;
  const [back, setBack] = useState<PolicyVersionShape | null>(null);
  const rows = useMemo(() => rowsOf(versions), [versions]);
  const newest = versions[0]?.version;
  const columns = useMemo<Column<VersionRow>[]>(() => {
    const href = (query: string) => policyHref(environment.slug, policyId, query);
    return [
      { id: "version", header: "Version", card: "title", cell: (row) => <Strong>{row.version}</Strong> },
      { id: "state", header: "State", card: "state", cell: (row) => <StateTag state={row.state} /> },
      {
        id: "note",
        header: "Note",
        card: "foot",
        cell: (row) => <Cut title={row.note ?? undefined}>{noteOf(row)}</Cut>,
      },
      {
        id: "lines",
        header: "Lines",
        cell: (row) => (row.added === null ? <Dim>–</Dim> : `${row.added} added, ${row.removed} removed`),
      },
      { id: "author", header: "By", cell: (row) => row.author },
      { id: "at", header: "When", dim: true, cell: (row) => <ExactTime at={row.created_at} /> },
      {
        id: "acts",
        header: "Acts",
        quietHead: true,
        align: "right",
        card: "foot",
        cell: (row) => (
          <span className={s.links}>
            <TextLink href={href(`?version=${row.version}`)} label={`Show version ${row.version}`}>
              Show
            </TextLink>
            {row.version > 1 && (
              <TextLink
                href={href(`?tab=diff&from=${row.version - 1}&to=${row.version}`)}
                label={`Diff of version ${row.version}`}
              >
                Diff
              </TextLink>
            )}
            {allowed && row.version !== newest && (
              <button type="button" className={s.link} onClick={() => setBack(row)}>
                Roll back…<span className="il-sr"> to version {row.version}</span>
              </button>
            )}
          </span>
        ),
      },
    ];
  }, [environment.slug, policyId, allowed, newest]);
  return (
    <Panel
      title="Versions"
      sub={`${versions.length}, newest first`}
      foot={
        <span>
          A version is never changed: rolling back makes a new one with the text of an old one.
          {allowed ? "" : ` ${NEEDS}`}
        </span>
      }
    >
      <DataTable label="Versions" cards keys columns={columns} rows={rows} rowId={(row) => String(row.version)} />
      <RollBack policyId={policyId} to={back} newest={versions[0]} onClose={() => setBack(null)} />
    </Panel>
  );
}
