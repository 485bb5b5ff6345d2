"use client";

import { Button } from "@mantine/core";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { usePlace } from "../../frame/place";
import { type Check, Checks } from "../../kit/checks";
import { Panel } from "../../kit/panel";
import { TextLink } from "../../kit/text";
import type { OnDo } from "./doing";

/** What is different from now on, in rules that hold: a policy and a rule, or why neither. */
export function ChangesPanel({ of, onDo }: { of: IncidentDetail; onDo: OnDo }) {
  const { slug } = usePlace().environment;
  const { policy_change: policy, rule_change: rule } = of;
  const edit = (what: "policy_change" | "rule_change", there: boolean, name: string) =>
    onDo && (
      <Button size="xs" aria-label={`${there ? "Edit" : "Name it"}: the ${name}`} onClick={() => onDo({ what })}>
        {there ? "Edit…" : "Name it…"}
      </Button>
    );
  const items: Check[] = [
    {
      id: "policy",
      state: policy ? "ok" : "no",
      what: policy?.policy_id ? (
        <TextLink href={`/${slug}/policies/${encodeURIComponent(policy.policy_id)}?tab=versions`}>
          {`${policy.policy_id} version ${policy.version ?? ""}`}
        </TextLink>
      ) : policy ? (
        "No policy changes"
      ) : (
        "No policy change yet"
      ),
      why: policy?.none ?? (policy ? undefined : "The version that came of it, or why none did."),
      right: edit("policy_change", policy !== null, "policy change"),
    },
    {
      id: "rule",
      state: rule ? "ok" : "no",
      what: rule?.rule ? (
        <TextLink
          href={
            of.failure
              ? `/${slug}/failures/${encodeURIComponent(of.failure)}?rule=${encodeURIComponent(rule.rule)}#rule`
              : `/${slug}/alerts?rule=${encodeURIComponent(rule.rule)}`
          }
        >
          {`${rule.rule} revision ${rule.revision ?? ""}`}
        </TextLink>
      ) : rule ? (
        "No rule changes"
      ) : (
        "No rule change yet"
      ),
      why:
        rule?.none ??
        (rule
          ? undefined
          : of.recurrence_of
            ? `None was written since ${of.recurrence_of}: it will come again.`
            : "The rule that tells sooner from now on, or why none does."),
      right: edit("rule_change", rule !== null, "rule change"),
    },
  ];
  return (
    <Panel title="What changes" sub="so that it does not come again">
      <Checks items={items} />
    </Panel>
  );
}
