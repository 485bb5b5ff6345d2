"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PolicyVersionShape } from "@/lib/policies/schema";
import { usePlace } from "../frame/place";
import { Note } from "../kit/note";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { Editor } from "./document/editor";
import { positionOf } from "./document/position";
import { StateTag } from "./parts";
import { schemaQuery } from "./queries";
import { policyHref } from "./words";

const NO_NAMES = { tool: [], connector: [], agent_id: [], task_type: [], tenant_id: [] };

type Props = {
  policyId: string;
  version: PolicyVersionShape | undefined;
  wanted: number;
  loading: boolean;
  rule: string | null;
};

/** A version that is not the newest, as it was sent; it can be read and not edited. */
export function OldVersion({ policyId, version, wanted, loading, rule }: Props) {
  const { slug } = usePlace().environment;
  const schema = useQuery(schemaQuery(slug));
  const goTo = useMemo(() => {
    const at = rule === null || !version ? null : positionOf(version.source, rule);
    return at && { at: at.from, n: 0, focus: false };
  }, [rule, version]);
  if (!version)
    return loading ? (
      <Loading what={`version ${wanted}`} shape="panel" />
    ) : (
      <Empty title={`There is no version ${wanted}`}>The tab Versions lists those there are.</Empty>
    );
  return (
    <Panel
      title={`Version ${version.version}`}
      sub={
        <>
          {version.author}, <ExactTime at={version.created_at} />
          {version.note && `, “${version.note}”`}, {counted(version.source.split("\n").length, "line")}
        </>
      }
      right={<StateTag state={version.state} />}
    >
      <Note flat right={<TextLink href={policyHref(slug, policyId)}>Newest version</TextLink>}>
        {rule ? (
          goTo ? (
            <>
              The rule <Mono>{rule}</Mono> is marked.{" "}
            </>
          ) : (
            <>
              This version says nothing at <Mono>{rule}</Mono>.{" "}
            </>
          )
        ) : null}
        An older version, as it was sent. It can be rolled back to, not edited.
      </Note>
      <Editor
        key={version.version}
        label={`Version ${version.version} of ${policyId}`}
        text={version.source}
        format={version.format}
        readOnly
        problems={[]}
        schema={schema.data}
        names={NO_NAMES}
        goTo={goTo}
      />
    </Panel>
  );
}
