"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { usePlace } from "../frame/place";
import { Page } from "../kit/layout";
import { counted } from "../kit/numbers";
import { PageHead } from "../kit/panel";
import { Loading } from "../kit/states";
import { TextLink } from "../kit/text";
import { ViewTabs } from "../kit/view-tabs";
import { LoadFailed } from "../runs/problem";
import { PolicyActs } from "./acts";
import { DiffTab } from "./diff/diff-tab";
import { DocumentTab } from "./document/document-tab";
import { useChecked } from "./document/use-checked";
import { useDraft } from "./document/use-draft";
import { DryRunTab } from "./dry-run-tab";
import { EffectiveTab } from "./effective/effective-tab";
import { OldVersion } from "./old-version";
import { ahead, InForce, StateTag } from "./parts";
import s from "./policies.module.css";
import { type PolicyDetail, policyQuery, versionsQuery } from "./queries";
import { SaveDialog, type SaveState } from "./save-dialog";
import { type PolicyTab, policyParams } from "./search-params";
import { VersionsTab } from "./versions";
import { boundWords } from "./words";

export function PolicyView({ policyId }: { policyId: string }) {
  const { slug } = usePlace().environment;
  const policy = useQuery(policyQuery(slug, policyId));
  if (policy.data) return <Shown found={policy.data} />;
  return (
    <Page>
      <PageHead
        title={policyId}
        trail={
          <TextLink plain href={`/${slug}/policies`}>
            Policies
          </TextLink>
        }
      />
      {policy.error ? (
        <LoadFailed what={`Policy ${policyId}`} error={policy.error} onRetry={() => void policy.refetch()} />
      ) : (
        <Loading what={policyId} shape="panel" />
      )}
    </Page>
  );
}

function Shown({ found: { policy, latest } }: { found: PolicyDetail }) {
  const { slug } = usePlace().environment;
  const [params, setParams] = useQueryStates(policyParams, { history: "push" });
  const listed = useQuery(versionsQuery(slug, policy.policy_id));
  const draft = useDraft(latest);
  const checked = useChecked(policy.policy_id, draft.text, draft.format);
  const [saving, setSaving] = useState<SaveState | null>(null);
  const versions = listed.data?.items ?? [latest];
  const forced = policy.enforced_version ?? policy.observed_version;
  const inForce = versions.find((each) => each.version === forced);
  const to = params.to ?? (draft.dirty ? null : latest.version);
  const before = forced !== null && forced !== to ? forced : Math.max(1, (to ?? latest.version + 1) - 1);
  const from = params.from ?? (draft.behind ? latest.version : before);
  const old = params.version !== null && params.version !== latest.version ? params.version : null;

  const body = () => {
    switch (params.tab) {
      case "document":
        return old !== null ? (
          <OldVersion
            policyId={policy.policy_id}
            version={versions.find((each) => each.version === old)}
            wanted={old}
            loading={listed.isPending}
            rule={params.rule}
          />
        ) : (
          <DocumentTab
            {...{ policyId: policy.policy_id, draft, checked, rule: params.rule }}
            observing={policy.observed_version !== null}
            onSave={() => draft.dirty && setSaving("draft")}
          />
        );
      case "diff":
        return (
          <DiffTab
            {...{ policyId: policy.policy_id, versions, draft, from, to }}
            onChange={(range) => void setParams(range)}
          />
        );
      case "effective":
        return <EffectiveTab policy={policy} />;
      case "dry-run":
        return (
          <DryRunTab
            {...{ policyId: policy.policy_id, draft, days: params.days }}
            onDays={(days) => void setParams({ days })}
          />
        );
      case "versions":
        return <VersionsOf policyId={policy.policy_id} />;
    }
  };
  return (
    <Page>
      <PageHead
        trail={
          <TextLink href={`/${slug}/policies`} plain>
            Policies
          </TextLink>
        }
        title={
          <>
            {policy.policy_id}
            <span className={s.marks}>
              {ahead(policy) && <StateTag state={policy.latest_state} version={policy.latest_version} />}
              <InForce policy={policy} />
              <span>{boundWords(policy.bindings)}</span>
            </span>
          </>
        }
      >
        <PolicyActs
          {...{ policy, latest, draft, errors: checked.errors }}
          editing={params.tab === "document" && old === null}
          onEdit={() => void setParams({ tab: "document", version: null, rule: null })}
          onSave={setSaving}
        />
      </PageHead>
      <ViewTabs
        label="Views"
        value={params.tab}
        onChange={(id) => void setParams({ tab: id as PolicyTab, version: null, rule: null })}
        views={[
          { id: "document", label: "Document", count: documentCount(checked.errors, draft.dirty) },
          { id: "diff", label: forced !== null && forced !== to ? `Diff to version ${forced}` : "Diff" },
          { id: "effective", label: "Effective", count: "agent × task × tenant" },
          { id: "dry-run", label: "Dry run" },
          { id: "versions", label: "Versions", count: latest.version },
        ]}
      />
      {body()}
      {saving && (
        <SaveDialog
          {...{ policyId: policy.policy_id, draft, checked, latest, inForce }}
          start={saving}
          onClose={() => setSaving(null)}
        />
      )}
    </Page>
  );
}

const documentCount = (errors: number, dirty: boolean): string | undefined =>
  errors > 0 ? counted(errors, "error") : dirty ? "not saved" : undefined;

function VersionsOf({ policyId }: { policyId: string }) {
  const { slug } = usePlace().environment;
  const listed = useQuery(versionsQuery(slug, policyId));
  if (listed.data) return <VersionsTab policyId={policyId} versions={listed.data.items} />;
  if (listed.error)
    return <LoadFailed what="The versions" error={listed.error} onRetry={() => void listed.refetch()} />;
  return <Loading what="the versions" shape="panel" />;
}
