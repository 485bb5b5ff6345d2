"use client";

import { Button } from "@mantine/core";
import { IconEye, IconFileDiff, IconFilterOff, IconPlus, IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { POLICY_STATES, type PolicyShape } from "@/lib/policies/schema";
import { usePlace } from "../frame/place";
import { DataTable } from "../kit/data-table";
import { FilterBar, type FilterField } from "../kit/filter-bar";
import { Page } from "../kit/layout";
import { Note } from "../kit/note";
import { counted } from "../kit/numbers";
import { PageHead, Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { TextLink } from "../kit/text";
import { LoadFailed } from "../runs/problem";
import { policyColumns } from "./columns";
import { policiesQuery } from "./queries";
import { type ListFilter, listParams } from "./search-params";
import { boundWords, NEEDS, policyHref } from "./words";

const CALL = `# a document as it stands, version 1 of it
curl -X PUT $INTERLOCK/api/v1/policies/support-triage \\
  -H "Authorization: Bearer $INTERLOCK_KEY" \\
  -H "content-type: application/yaml" \\
  --data-binary @support-triage.yaml`;

/* It brings the reader of YAML along. */
const NewPolicy = dynamic(() => import("./new-policy").then((found) => found.NewPolicy), { ssr: false });

const FIELDS: FilterField[] = [
  {
    key: "state",
    label: "state",
    kind: "select",
    options: POLICY_STATES.map((value) => ({ value, label: value })),
  },
  { key: "binds", label: "binds", kind: "text" },
];

const inForceState = (policy: PolicyShape) => [
  policy.latest_state,
  ...(policy.enforced_version === null ? [] : ["enforce"]),
  ...(policy.observed_version === null ? [] : ["observe"]),
];

function matching(items: PolicyShape[], filter: ListFilter): PolicyShape[] {
  const states = filter.state?.split(",");
  const binds = filter.binds?.toLowerCase();
  const q = filter.q.toLowerCase();
  return items.filter(
    (each) =>
      (!states || inForceState(each).some((state) => states.includes(state))) &&
      (!binds || boundWords(each.bindings).toLowerCase().includes(binds)) &&
      (!q || `${each.policy_id} ${each.description ?? ""}`.toLowerCase().includes(q)),
  );
}

export function Policies() {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const router = useRouter();
  const [filter, setFilter] = useQueryStates(listParams);
  const [making, setMaking] = useState(false);
  const policies = useQuery(policiesQuery(slug));
  const columns = useMemo(() => policyColumns(slug), [slug]);
  const allowed = may["policies.write"] === true;
  const all = policies.data?.items ?? [];
  const rows = matching(all, filter);
  const observing = all.filter((each) => each.enforced_version === null && each.observed_version !== null).length;
  const make = (
    <Button
      variant="filled"
      leftSection={<IconPlus size={15} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS}
      onClick={() => setMaking(true)}
    >
      New policy…
    </Button>
  );
  return (
    <Page>
      <PageHead title="Policies" meta="What agents may do. Without a policy that binds it, a call is denied.">
        <Button
          component={Link}
          href={`/${slug}/policies/effective`}
          leftSection={<IconFileDiff size={15} aria-hidden />}
        >
          Effective policy
        </Button>
        {all.length > 0 && make}
      </PageHead>
      {policies.error && !policies.data ? (
        <LoadFailed what="The policies" error={policies.error} onRetry={() => void policies.refetch()} />
      ) : policies.data && all.length === 0 ? (
        <Empty
          icon={IconShieldLock}
          title={`No policy in ${environment.name} yet`}
          code={CALL}
          actions={
            <>
              {make}
              {!allowed && <span>{NEEDS}</span>}
            </>
          }
        >
          A policy says which tools an agent may call, what asks a person first, and what one run may spend. Until one
          binds them, agents that ask are denied. Start from one that ships, observe first, then enforce.
        </Empty>
      ) : (
        <>
          {observing > 0 && (
            <Note tone="bad" icon={<IconEye size={17} aria-hidden />}>
              <b>{observing === 1 ? "1 policy only observes." : `${observing} policies only observe.`}</b> What is
              refused there is recorded, and happens.
            </Note>
          )}
          <FilterBar
            filters={FIELDS}
            values={{ state: filter.state, binds: filter.binds }}
            onChange={(values) => void setFilter({ state: values.state || null, binds: values.binds || null })}
            search={{
              value: filter.q,
              placeholder: "Name or description",
              onChange: (q) => void setFilter({ q: q || null }),
            }}
          />
          <Panel
            label="Policies"
            foot={
              <span>
                {counted(all.length, "policy", "policies")}. Where several bind a call, the narrower wins and can only
                tighten. <TextLink href={`/${slug}/policies/effective`}>Look at the sum of them</TextLink>
              </span>
            }
          >
            <DataTable
              label="Policies"
              cards
              keys
              columns={columns}
              rows={rows}
              rowId={(row) => row.policy_id}
              loading={policies.isPending}
              rowTone={(row) => (row.enforced_version === null && row.observed_version !== null ? "bad" : undefined)}
              onOpen={(row) => router.push(policyHref(slug, row.policy_id))}
              empty={
                <Empty
                  bare
                  icon={IconFilterOff}
                  title="No policy matches"
                  actions={<Button onClick={() => void setFilter(null)}>Clear all filters</Button>}
                >
                  What is filtered stands in the address of this page.
                </Empty>
              }
            />
          </Panel>
        </>
      )}
      {making && <NewPolicy taken={all.map((each) => each.policy_id)} onClose={() => setMaking(false)} />}
    </Page>
  );
}
