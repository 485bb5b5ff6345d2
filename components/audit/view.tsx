"use client";

import { Button } from "@mantine/core";
import { IconHistory, IconShieldCheck } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useSyncExternalStore } from "react";
import { usePlace } from "../frame/place";
import { DataTable, Pager } from "../kit/data-table";
import { FilterBar, type FilterValues } from "../kit/filter-bar";
import { Column, Page, Row, Split } from "../kit/layout";
import { counted } from "../kit/numbers";
import { PageHead, Panel } from "../kit/panel";
import { Empty, Loading, NotAllowed } from "../kit/states";
import { ViewTabs } from "../kit/view-tabs";
import { LoadFailed } from "../runs/problem";
import { auditColumns } from "./columns";
import { AuditDetail } from "./detail";
import { ExportMenu } from "./export-menu";
import { useAuditFilters } from "./filters";
import { auditQuery, auditRowQuery, verifyChain } from "./queries";
import { type AuditFilter, auditParams, CHAINS } from "./search-params";
import { VerifiedPanel } from "./verified";

/** The least role that may. */
const LEAST = "viewer";
const WORDS = { environment: "This environment", installation: "Installation" } as const;

export function Audit() {
  const { may, environment } = usePlace();
  if (!may["audit.read"])
    return (
      <Page>
        <PageHead title="Audit" />
        <NotAllowed what="read the audit" role={LEAST} environment={environment.name} />
      </Page>
    );
  return <AuditPage />;
}

function AuditPage() {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const [params, setParams] = useQueryStates(auditParams);
  const { cursor, row, ...filter } = params;
  const fields = useAuditFilters(slug, may["people.read"] === true);
  const rows = useQuery({ ...auditQuery(slug, filter, cursor), placeholderData: keepPreviousData });
  const verify = useMutation({
    mutationFn: async (chain: AuditFilter["chain"]) => {
      const started = performance.now();
      const result = await verifyChain(slug, chain);
      return { chain, verified: { result, at: Date.now(), tookMs: performance.now() - started } };
    },
  });
  const verified = verify.data?.chain === filter.chain ? verify.data.verified : null;
  const items = rows.data?.items ?? [];
  const values: FilterValues = { ...filter };
  const narrowed = fields.some((field) => values[field.key]) || filter.q !== "";
  const change = (next: FilterValues) =>
    void setParams({
      when: next.when || null,
      action: next.action || null,
      actor: next.actor || null,
      target_type: next.target_type || null,
      target: next.target || null,
      cursor: null,
      row: null,
    });
  return (
    <Page>
      <PageHead title="Audit" meta="Who did what, when, and what it was before. Nothing here can be edited.">
        <ExportMenu environment={slug} filter={filter} />
        <Button
          leftSection={<IconShieldCheck size={15} aria-hidden />}
          loading={verify.isPending}
          onClick={() => verify.mutate(filter.chain)}
        >
          {verified ? "Verify again" : "Verify chain"}
        </Button>
      </PageHead>
      {verify.error ? (
        <LoadFailed what="The chain" error={verify.error} onRetry={() => verify.mutate(filter.chain)} />
      ) : (
        <VerifiedPanel verified={verified} chain={filter.chain} busy={verify.isPending} />
      )}
      <Row apart>
        <ViewTabs
          label="Chain"
          value={filter.chain}
          views={CHAINS.map((id) => ({ id, label: WORDS[id] }))}
          onChange={(id) => void setParams({ chain: CHAINS.find((each) => each === id), cursor: null, row: null })}
        />
        <FilterBar
          filters={fields}
          values={values}
          onChange={change}
          search={{
            value: filter.q,
            onChange: (text) => void setParams({ q: text || null, cursor: null, row: null }),
            placeholder: "Text in what, who or id",
          }}
        />
      </Row>
      {rows.error && !rows.data ? (
        <LoadFailed what="The audit" error={rows.error} onRetry={() => void rows.refetch()} />
      ) : (
        <Split side={388} sideFirst={row !== null}>
          <Panel label="Rows">
            <DataTable
              label="Audit rows"
              dense
              cards
              keys
              columns={auditColumns}
              rows={items}
              rowId={(each) => String(each.seq)}
              loading={rows.isPending}
              selectedId={row === null ? null : String(row)}
              onSelect={(each) => void setParams({ row: each.seq })}
              empty={
                <Empty bare icon={IconHistory} title={narrowed ? "No row matches" : "No row yet"}>
                  {narrowed
                    ? "Take a filter away, or look in the other chain."
                    : "Every switch, role, key and setting that a person changes leaves one row here."}
                </Empty>
              }
              footer={
                <Pager
                  hint
                  shown={counted(items.length, "row")}
                  busy={rows.isFetching && rows.isPlaceholderData}
                  onNewest={cursor ? () => void setParams({ cursor: null, row: null }) : undefined}
                  onOlder={
                    rows.data?.next_cursor
                      ? () => void setParams({ cursor: rows.data.next_cursor, row: null }, { history: "push" })
                      : undefined
                  }
                />
              }
            />
          </Panel>
          <Column>
            <Selected slug={slug} filter={filter} seq={row} page={items} />
          </Column>
        </Split>
      )}
    </Page>
  );
}

const nothing = () => () => undefined;

/** The chosen row; without a choice the newest on the page. A linked row that is not on the page is read by itself. */
function Selected(props: {
  slug: string;
  filter: AuditFilter;
  seq: number | null;
  page: Parameters<typeof AuditDetail>[0]["row"][];
}) {
  const { slug, filter, seq, page } = props;
  const here = seq === null ? page[0] : page.find((each) => each.seq === seq);
  const far = useQuery({ ...auditRowQuery(slug, filter.chain, seq ?? 0), enabled: seq !== null && !here });
  const origin = useSyncExternalStore(
    nothing,
    () => window.location.origin,
    () => "",
  );
  const row = here ?? far.data;
  if (row) {
    const chain = filter.chain === "environment" ? "" : `chain=${filter.chain}&`;
    return <AuditDetail row={row} link={`${origin}/${slug}/audit?${chain}row=${row.seq}`} />;
  }
  if (seq === null) return null;
  if (far.isPending) return <Loading what={`row ${seq}`} shape="panel" rows={6} />;
  if (far.error) return <LoadFailed what={`Row ${seq}`} error={far.error} onRetry={() => void far.refetch()} />;
  return (
    <Empty title={`There is no row ${seq}`}>This chain has fewer rows, or the row stands in the other chain.</Empty>
  );
}
