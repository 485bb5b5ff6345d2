"use client";

import { Button } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useState } from "react";
import type { GrantShape } from "@/lib/approvals/schema";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { ConfirmReason } from "../../kit/confirm";
import { type Column, DataTable } from "../../kit/data-table";
import { integer } from "../../kit/numbers";
import { KeyValue, Panel } from "../../kit/panel";
import { Mono, TextLink } from "../../kit/text";
import { ExactTime, RelativeTime } from "../../kit/time";
import { detailOf } from "../../runs/problem";
import s from "../case/case.module.css";
import bar from "../decide/bar.module.css";
import { grantName, usesWords } from "../words";
import { GrantState } from "./item";

type Silence = GrantShape["silences"][number];

export function GrantSection({ of, onQueue }: { of: GrantShape; onQueue: () => void }) {
  const { slug } = usePlace().environment;
  const columns: Column<Silence>[] = [
    { id: "rule", header: "Rule that would have asked", card: "title", cell: (row) => <Mono>{row.rule}</Mono> },
    {
      id: "policy",
      header: "Policy",
      card: "state",
      cell: (row) =>
        row.policy_id ? (
          <TextLink href={`/${slug}/policies/${encodeURIComponent(row.policy_id)}`}>{row.policy_id}</TextLink>
        ) : (
          "–"
        ),
    },
    { id: "calls", header: "Calls", align: "right", cell: (row) => integer(row.calls) },
    { id: "last", header: "Last", align: "right", dim: true, cell: (row) => <RelativeTime at={row.last_at} /> },
  ];
  return (
    <section className={s.case} aria-label="Grant">
      <header className={s.head}>
        <nav className={s.nav} aria-label="Grants">
          <button type="button" onClick={onQueue}>
            <IconChevronLeft size={16} aria-hidden />
            Grants
          </button>
        </nav>
        <div className={s.top}>
          <h2>{of.tool}</h2>
          <GrantState state={of.state} />
          <span className={s.who}>
            {of.agent_id}
            {of.tenant_id ? ` for ${of.tenant_id}` : ", every tenant"}, by {of.granted_by},{" "}
            <ExactTime at={of.created_at} />
          </span>
        </div>
        <p className={s.intent}>“{of.reason}”</p>
      </header>
      <div className={s.body}>
        <div className={s.col}>
          <Panel title="What it silences" sub="rules that would have asked a person">
            <DataTable
              label="What it silences"
              cards
              columns={columns}
              rows={of.silences}
              rowId={(row) => `${row.policy_id ?? ""}:${row.rule}`}
              empty="Nothing yet: no call that it covers would have asked a person."
            />
          </Panel>
        </div>
        <div className={s.col}>
          <Panel title="How far it goes">
            <KeyValue
              padded
              items={[
                { term: "Agent", value: <Mono>{of.agent_id}</Mono> },
                { term: "Tool", value: <Mono>{of.tool}</Mono> },
                { term: "Tenant", value: of.tenant_id ?? "every one" },
                { term: "Only when", value: of.condition ? <Mono>{of.condition}</Mono> : "always" },
                { term: "Used", value: usesWords(of) },
                {
                  term: of.state === "expired" ? "Expired" : "Expires",
                  value: (
                    <>
                      <RelativeTime at={of.expires_at} />, <ExactTime at={of.expires_at} />
                    </>
                  ),
                },
                ...(of.revoked_by ? [{ term: "Revoked by", value: of.revoked_by }] : []),
              ]}
            />
          </Panel>
        </div>
      </div>
      <Revoke of={of} />
    </section>
  );
}

function Revoke({ of }: { of: GrantShape }) {
  const { may } = usePlace();
  const [opened, setOpened] = useState(false);
  const allowed = may["approvals.decide"] === true;
  const revoke = useAct({
    topics: ["approvals"],
    run: (call, reason: string) =>
      call.post<{ audit_row?: number }>(`/grants/${encodeURIComponent(of.grant_id)}/revoke`, { reason }),
    said: () => `The grant of ${of.tool} is revoked`,
    done: () => setOpened(false),
  });
  if (of.state !== "active")
    return (
      <div className={bar.closed}>
        <p>It answers for nobody any more: it is {of.state}.</p>
      </div>
    );
  return (
    <div className={bar.closed}>
      <p>
        {allowed
          ? "Revoked, the next call of it asks a person again. Calls that it allowed stay allowed."
          : "Revoking it needs the role approver or admin here."}
      </p>
      {allowed && (
        <Button size="lg" variant="outline" color="red" onClick={() => setOpened(true)}>
          Revoke…
        </Button>
      )}
      <ConfirmReason
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Revoke ${grantName(of)}`}
        confirmLabel="Revoke the grant"
        destructive
        busy={revoke.isPending}
        error={detailOf(revoke.error)}
        onConfirm={(reason) => revoke.mutate(reason)}
      >
        It answered {usesWords(of)}. From now on a person is asked again. A grant is not given back: make a new one.
      </ConfirmReason>
    </div>
  );
}
