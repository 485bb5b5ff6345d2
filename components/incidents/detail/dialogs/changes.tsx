"use client";

import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { rulesQuery } from "../../../alerts/queries";
import { elseOf, saidOf } from "../../../failures/entry/dialogs";
import { usePlace } from "../../../frame/place";
import { shortUtc } from "../../../kit/numbers";
import { policiesQuery, versionsQuery } from "../../../policies/queries";
import { type Change, useChange } from "../../use-change";
import type { Dialog } from "../doing";
import { EitherDialog, useEither } from "./either";

export function PolicyChangeDialog({ of, onClose }: Dialog) {
  const { slug } = usePlace().environment;
  const was = of.policy_change;
  const either = useEither(was?.none);
  const [policy, setPolicy] = useState<string | null>(was?.policy_id ?? null);
  const [version, setVersion] = useState<string | null>(was?.version ? String(was.version) : null);
  const policies = useQuery(policiesQuery(slug)).data?.items ?? [];
  const versions = useQuery({ ...versionsQuery(slug, policy ?? ""), enabled: policy !== null }).data?.items ?? [];
  const fresh = versions.filter((v) => Date.parse(v.created_at) >= Date.parse(of.started_at));
  const change = useChange(of, onClose);
  const given: Change["policy_change"] =
    either.kind === "none" ? { none: either.reason.trim() } : { policy_id: policy ?? "", version: Number(version) };
  return (
    <EitherDialog
      {...either}
      title="Policy change"
      words="The version of a policy that came of this. It must be newer than the incident."
      there="A version"
      ready={policy !== null && version !== null}
      busy={change.isPending}
      reasonError={saidOf(change.error, "policy_change.none")}
      error={elseOf(change.error, ["policy_change.none", "policy_change.version"])}
      onClose={onClose}
      onSend={() => change.mutate({ change: { policy_change: given }, said: "The policy change is named" })}
    >
      <Select
        label="Policy"
        searchable
        data={policies.map((p) => p.policy_id)}
        value={policy}
        onChange={(value) => {
          setPolicy(value);
          setVersion(null);
        }}
      />
      <Select
        label="Version"
        disabled={policy === null}
        description={
          policy !== null && versions.length > 0 && fresh.length === 0
            ? "None is newer than the incident: write one first."
            : undefined
        }
        data={fresh.map((v) => ({
          value: String(v.version),
          label: `${v.version}, ${v.state}${v.note ? `, ${v.note}` : ""}`,
        }))}
        value={version}
        onChange={setVersion}
        error={saidOf(change.error, "policy_change.version")}
      />
    </EitherDialog>
  );
}

export function RuleChangeDialog({ of, onClose }: Dialog) {
  const { slug } = usePlace().environment;
  const was = of.rule_change;
  const either = useEither(was?.none);
  const [rule, setRule] = useState<string | null>(was?.rule ?? null);
  const rules = useQuery(rulesQuery(slug)).data?.items ?? [];
  const fresh = rules.filter((r) => r.updated_at !== null && Date.parse(r.updated_at) >= Date.parse(of.started_at));
  const change = useChange(of, onClose);
  const given: Change["rule_change"] = either.kind === "none" ? { none: either.reason.trim() } : { rule: rule ?? "" };
  return (
    <EitherDialog
      {...either}
      title="Rule change"
      words="The rule that tells sooner from now on: written or changed after this began."
      there="A rule"
      ready={rule !== null}
      busy={change.isPending}
      reasonError={saidOf(change.error, "rule_change.none")}
      error={elseOf(change.error, ["rule_change.none", "rule_change.rule"])}
      onClose={onClose}
      onSend={() => change.mutate({ change: { rule_change: given }, said: "The rule change is named" })}
    >
      <Select
        label="Rule"
        searchable
        description={fresh.length === 0 ? "None was written or changed since this began: do that first." : undefined}
        data={fresh.map((r) => ({
          value: r.slug,
          label: `${r.name}, revision ${r.revision}, ${shortUtc(new Date(r.updated_at ?? 0), new Date())}`,
        }))}
        value={rule}
        onChange={setRule}
        error={saidOf(change.error, "rule_change.rule")}
      />
    </EitherDialog>
  );
}
