"use client";

import { Button } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { usePlace } from "../../frame/place";
import { CopyButton } from "../../kit/copy";
import { Page } from "../../kit/layout";
import { PageHead } from "../../kit/panel";
import { TextLink } from "../../kit/text";
import { effectiveQuery } from "../queries";
import { effectiveParams } from "../search-params";
import { EffectiveBody } from "./effective-body";
import { TryCall } from "./try-call";

/** What the gate would apply to the next call of any agent × task × tenant. */
export function EffectiveView() {
  const { slug } = usePlace().environment;
  const [params, setParams] = useQueryStates(effectiveParams, { history: "push" });
  const { rule, try: trying, ...who } = params;
  const effective = useQuery(effectiveQuery(slug, who));
  const lines = effective.data?.lines ?? [];
  return (
    <Page>
      <PageHead
        trail={
          <TextLink href={`/${slug}/policies`} plain>
            Policies
          </TextLink>
        }
        title="Effective policy"
        meta={
          <>
            What the gate would apply to the next call, with where each line comes from.
            {effective.data && ` Revision ${effective.data.policy_revision}.`}
          </>
        }
      >
        {lines.length > 0 && (
          <CopyButton
            size="sm"
            label="Copy as YAML"
            name="Effective policy"
            text={lines.map(({ key, value }) => `${key}: ${JSON.stringify(value)}\n`).join("")}
          />
        )}
        <Button leftSection={<IconHelpCircle size={15} aria-hidden />} onClick={() => void setParams({ try: true })}>
          Try a call…
        </Button>
      </PageHead>
      <EffectiveBody who={who} rule={rule} onWho={(next) => void setParams(next)} />
      <TryCall who={who} opened={trying} onClose={() => void setParams({ try: null })} />
    </Page>
  );
}
