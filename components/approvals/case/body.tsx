"use client";

import { IconRefreshAlert } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { CaseShape } from "@/lib/approvals/schema";
import { stateQuery } from "../../controls/queries";
import { usePlace } from "../../frame/place";
import { Note } from "../../kit/note";
import { Mono, TextLink } from "../../kit/text";
import { runHref } from "../../runs/list/columns";
import { covers } from "../covers";
import { Held } from "../held";
import { ExactArguments } from "./args";
import s from "./case.module.css";
import { EffectFacts, Similar } from "./facts";
import { Ladder, RunSoFar, WhyAsked } from "./why";

/** All that an approver answers for: what comes first changes what the rest means. */
export function CaseBody({ of, onGlass }: { of: CaseShape; onGlass?: () => void }) {
  const { slug } = usePlace().environment;
  const set = useQuery(stateQuery(slug)).data?.switches.find((each) => covers(each, of));
  return (
    <>
      {of.kind === "effect_unknown" && (
        <div className={s.whole}>
          <Note tone="warn" icon={<IconRefreshAlert size={17} aria-hidden />}>
            <b>Nobody knows whether this was already done.</b> An earlier attempt ended without a result. Look in{" "}
            {of.connector ? <Mono>{of.connector}</Mono> : "the system behind it"} first: to approve is to let it run
            once more. If you know what became of it, settle the effect{" "}
            <TextLink href={`${runHref(slug, of.run_id)}?tab=effects`}>on the run</TextLink> instead.
          </Note>
        </div>
      )}
      {of.status === "pending" && (set || of.frozen_at) && (
        <div className={s.whole}>
          <Held by={set} frozen={of.frozen_at !== null} />
        </div>
      )}
      <div className={s.col}>
        <ExactArguments of={of} />
        <EffectFacts of={of} />
        <Similar of={of} />
      </div>
      <div className={s.col}>
        <WhyAsked of={of} />
        <Ladder of={of} onGlass={onGlass} />
        <RunSoFar of={of} />
      </div>
    </>
  );
}
