"use client";

import { Button } from "@mantine/core";
import { IconBellOff, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { useState } from "react";
import type { GrantShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { announce } from "../../kit/announce";
import { K } from "../../kit/kbd";
import { Empty, Loading } from "../../kit/states";
import { useKeys } from "../../kit/use-keys";
import { Problem } from "../../runs/problem";
import { countsQuery, grantsQuery } from "../queries";
import { QueueFrame } from "../queue/queue";
import q from "../queue/queue.module.css";
import { approvalParams } from "../search-params";
import v from "../view.module.css";
import { grantName } from "../words";
import { GrantItem } from "./item";
import { NewGrant } from "./new-grant";
import { GrantSection } from "./section";

const ORDER: Record<GrantShape["state"], number> = { active: 0, spent: 1, expired: 2, revoked: 3 };

/** Standing yeses: who may do what without being asked, until when, and what that silences. */
export function Grants() {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const counts = useQuery(countsQuery(slug)).data;
  const read = useQuery(grantsQuery(slug));
  const [chosen, setChosen] = useQueryState("grant", approvalParams.grant.withOptions({ history: "push" }));
  const [making, setMaking] = useState(false);
  const grants = [...(read.data?.items ?? [])].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  const at = grants.findIndex((each) => each.grant_id === chosen);
  const shown = grants[at] ?? grants[0];
  const allowed = may["approvals.decide"] === true;
  const step = (by: 1 | -1) => {
    const next = grants[Math.min(grants.length - 1, Math.max(0, Math.max(0, at) + by))];
    if (!next) return;
    void setChosen(next.grant_id, { history: "replace" });
    announce(grantName(next));
  };
  useKeys({ j: () => step(1), k: () => step(-1), n: () => allowed && setMaking(true) });
  return (
    <div
      className={v.page}
      data-named={at >= 0 || undefined}
      data-empty={(read.isSuccess && grants.length === 0) || undefined}
    >
      <QueueFrame
        view="grants"
        counts={counts}
        act={
          <Button
            size="xs"
            leftSection={<IconPlus size={13} aria-hidden />}
            disabled={!allowed}
            title={allowed ? undefined : "It needs the role approver or admin here."}
            onClick={() => setMaking(true)}
          >
            New grant…
          </Button>
        }
        foot={
          <>
            <span>
              <K>j</K>
              <K>k</K> move
            </span>
            <span>
              <K>n</K> new grant
            </span>
          </>
        }
      >
        {read.isPending && <Loading what="the grants" shape="rows" rows={5} />}
        <ul>
          {grants.map((each) => (
            <GrantItem key={each.grant_id} of={each} on={each === shown} onOpen={() => void setChosen(each.grant_id)} />
          ))}
        </ul>
        {read.isSuccess && grants.length === 0 && <p className={q.none}>No grant was made yet.</p>}
      </QueueFrame>
      {shown ? (
        <GrantSection key={shown.grant_id} of={shown} onQueue={() => void setChosen(null)} />
      ) : (
        <div className={v.alone}>
          {read.isError ? (
            <Problem
              title="The grants could not be read"
              error={read.error}
              path="GET /api/v1/grants"
              onRetry={() => void read.refetch()}
            />
          ) : (
            read.isSuccess && (
              <Empty icon={IconBellOff} title="No standing grant">
                A grant answers yes for a person, for one agent and one tool, until it expires or is used up. It stands
                here with every rule that it silenced, and how often. It never covers an effect of which nobody knows
                whether it was done, and lifts no switch and no deny.
              </Empty>
            )
          )}
        </div>
      )}
      {making && <NewGrant onClose={() => setMaking(false)} onMade={(id) => void setChosen(id)} />}
    </div>
  );
}
