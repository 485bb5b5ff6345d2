"use client";

import { Button, Select } from "@mantine/core";
import { IconDownload, IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { ReadinessShape, TargetShape } from "@/lib/readiness/schema";
import { download } from "../audit/export";
import { usePlace } from "../frame/place";
import { Checks } from "../kit/checks";
import { Column, Page, Split } from "../kit/layout";
import { PageHead, Panel } from "../kit/panel";
import { Loading, NotAllowed } from "../kit/states";
import { Meta, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { Problem } from "../runs/problem";
import { Entries } from "./entries";
import s from "./gate.module.css";
import { Pictures } from "./pictures";
import { gateQuery, targetsQuery } from "./queries";
import { Questions } from "./questions";
import { gateParams } from "./search-params";
import { TargetTable } from "./target-table";
import { rowOf, Verdict } from "./verdict";
import { WaiveDialog } from "./waive";
import { Waivers } from "./waivers";
import { LEAST } from "./words";

export function GateView({ agentId }: { agentId: string }) {
  const { environment, may } = usePlace();
  if (may["readiness.read"] === true) return <Allowed agentId={agentId} />;
  return (
    <Page>
      <PageHead title="Readiness" />
      <NotAllowed what="read the launch gate" role={LEAST} environment={environment.name} />
    </Page>
  );
}

function Allowed({ agentId }: { agentId: string }) {
  const { slug } = usePlace().environment;
  const [{ version }, setParams] = useQueryStates(gateParams, { history: "push" });
  const read = useQuery(gateQuery(slug, agentId, version));
  const targets = useQuery(targetsQuery(slug));
  const of = read.data;
  return (
    <Page>
      <PageHead
        title={agentId}
        meta="Readiness of one agent version"
        trail={
          <TextLink plain href={`/${slug}/readiness`}>
            Readiness
          </TextLink>
        }
      >
        {of && (of.versions.length > 0 || of.version) && (
          <Select
            aria-label="Version"
            className={s.version}
            leftSection={<IconTag size={15} aria-hidden />}
            data={[...new Set([...(of.version ? [of.version] : []), ...of.versions])]}
            value={of.version}
            allowDeselect={false}
            onChange={(next) => void setParams({ version: next })}
          />
        )}
        {of && (
          <Button
            leftSection={<IconDownload size={15} aria-hidden />}
            onClick={() =>
              download(
                JSON.stringify({ ...of, targets: targets.data ?? null }, null, 2),
                `readiness-${agentId}-${of.version ?? "no-version"}-${of.as_of.slice(0, 10)}.json`,
                "application/json",
              )
            }
          >
            Export evidence
          </Button>
        )}
      </PageHead>
      {read.isError && !of ? (
        <Problem
          title="The gate could not be computed"
          error={read.error}
          path="GET /api/v1/readiness"
          onRetry={() => void read.refetch()}
        >
          Nothing is ready that cannot be shown to be. Policies, budgets and switches hold without this page.
        </Problem>
      ) : of ? (
        <Gate of={of} targets={targets.data?.items ?? []} listedAt={targets.data?.as_of ?? null} />
      ) : (
        <Loading what="the gate" shape="panel" rows={12} />
      )}
    </Page>
  );
}

function Gate({ of, targets, listedAt }: { of: ReadinessShape; targets: TargetShape[]; listedAt: string | null }) {
  const { slug } = usePlace().environment;
  const [waiving, setWaiving] = useState(false);
  const proofs = of.checks.filter((c) => c.group === "proof");
  const mine = new Set(of.checks.flatMap((c) => (c.group === "target" ? [c.check.replace(/^target\.?/, "")] : [])));
  const own = targets.filter((t) => mine.has(t.slug));
  return (
    <>
      <Verdict of={of} onWaive={() => setWaiving(true)} />
      <Split side={372}>
        <Column>
          <Questions of={of} />
          <Panel
            title="Tried on purpose"
            sub="a stop, golden tasks, the release checklist"
            right={
              <Meta>
                evidence as of <ExactTime at={of.as_of} />
              </Meta>
            }
          >
            <Checks items={proofs.map((c) => rowOf(c, slug))} />
          </Panel>
          <Panel
            title="Watched targets"
            sub="what we think we watch, and whether it is production"
            right={<TextLink href={`/${slug}/readiness?tab=targets`}>All targets</TextLink>}
          >
            <TargetTable items={own} none="No target covers this agent yet: add one under All targets." />
          </Panel>
        </Column>
        <Column>
          <Pictures items={own} all={targets} listedAt={listedAt} />
          <Entries of={of} />
          <Waivers of={of} />
        </Column>
      </Split>
      {waiving && <WaiveDialog of={of} onClose={() => setWaiving(false)} />}
    </>
  );
}
