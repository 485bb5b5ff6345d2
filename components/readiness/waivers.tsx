"use client";

import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReadinessShape, WaiverShape } from "@/lib/readiness/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { type Check, Checks } from "../kit/checks";
import { ConfirmReason } from "../kit/confirm";
import { Panel } from "../kit/panel";
import { detailOf } from "../runs/problem";
import { dayWords, NEEDS_OWNER } from "./words";

const said = (w: WaiverShape): string => {
  const version = w.version === null ? "" : `, ${w.version}`;
  if (w.state === "revoked") return `${w.check}${version}, taken back`;
  return w.state === "lapsed"
    ? `${w.check}${version}, lapsed ${dayWords(w.until)}`
    : `${w.check}, until ${dayWords(w.until)}`;
};
const why = (w: WaiverShape): string =>
  w.state === "revoked" ? `${w.revoked_by}: “${w.revoke_reason}”` : `${w.by}, ${dayWords(w.at)}: “${w.reason}”`;

/** Who answers for what, and until when; what lapsed stays to be read. */
export function Waivers({ of }: { of: ReadinessShape }) {
  const { may } = usePlace();
  const [ending, setEnding] = useState<WaiverShape | null>(null);
  const allowed = may["readiness.write"] === true;
  const holds = of.waivers.filter((w) => w.state === "holds");
  const row = (w: WaiverShape): Check => ({
    id: w.waiver_id,
    state: w.state === "holds" ? "warn" : "open",
    what: w.state === "holds" && w.version !== of.version ? `${said(w)}, of ${w.version ?? "no version"}` : said(w),
    why: why(w),
    right: w.state === "holds" && (
      <Button
        size="xs"
        disabled={!allowed}
        title={allowed ? undefined : NEEDS_OWNER}
        aria-label={`Take back the waiver of ${w.check}`}
        onClick={() => setEnding(w)}
      >
        Take back…
      </Button>
    ),
  });
  return (
    <Panel
      title="Waivers"
      sub={of.waivers.length > 0 ? `${holds.length} of ${of.waivers.length} hold` : undefined}
      padded={of.waivers.length === 0}
    >
      {of.waivers.length === 0 ? (
        "Nobody has waived anything for this agent. A waiver has a name, a reason and a last day; after it the condition blocks again."
      ) : (
        <Checks items={[...holds, ...of.waivers.filter((w) => w.state !== "holds")].map(row)} />
      )}
      {ending && <TakeBack of={ending} onClose={() => setEnding(null)} />}
    </Panel>
  );
}

function TakeBack({ of, onClose }: { of: WaiverShape; onClose: () => void }) {
  const act = useAct({
    topics: ["readiness"],
    run: (call, reason: string) =>
      call.delete<WaiverShape & { audit_row: number }>(
        `/readiness/waivers/${encodeURIComponent(of.waiver_id)}?reason=${encodeURIComponent(reason)}`,
      ),
    said: (answer) => `The waiver of ${answer.check} is taken back`,
    done: onClose,
  });
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Take back the waiver of ${of.check}`}
      confirmLabel="Take it back"
      busy={act.isPending}
      error={detailOf(act.error)}
      onConfirm={(reason) => act.mutate(reason)}
    >
      The condition blocks again at once. The waiver stays to be read.
    </ConfirmReason>
  );
}
