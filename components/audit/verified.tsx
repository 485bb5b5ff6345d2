"use client";

import { IconCircleCheck, IconCircleDashed, IconCircleX } from "@tabler/icons-react";
import type { VerifyShape } from "@/lib/audit/schema";
import { CopyId } from "../kit/copy";
import { counted, duration, integer } from "../kit/numbers";
import { Meta } from "../kit/text";
import { RelativeTime } from "../kit/time";
import s from "./audit.module.css";
import type { Chain } from "./search-params";

export type Verified = { result: VerifyShape; at: number; tookMs: number };

const OF: Record<Chain, string> = { environment: "of this environment", installation: "of the installation" };

/** What the last check of the chain found; before one, that nobody looked. */
export function VerifiedPanel({ verified, chain, busy }: { verified: Verified | null; chain: Chain; busy: boolean }) {
  const { result } = verified ?? {};
  const state = !result ? "unknown" : result.ok ? "ok" : "broken";
  const Icon = { unknown: IconCircleDashed, ok: IconCircleCheck, broken: IconCircleX }[state];
  return (
    <section className={s.verified} data-state={state} aria-label="Chain" aria-live="polite" aria-busy={busy}>
      <div>
        <h2>
          <Icon size={18} aria-hidden />
          {busy
            ? "Verifying the chain"
            : state === "unknown"
              ? "Chain not verified yet"
              : state === "ok"
                ? "Chain verified"
                : `Chain broken at row ${integer(result?.broken?.seq)}`}
        </h2>
        {result && verified ? (
          <>
            {result.broken && <p>{result.broken.what} The rows before it are as they were written.</p>}
            <Meta>
              {counted(result.rows, "row")} {OF[chain]} fit, <RelativeTime at={verified.at} />, in{" "}
              {duration(verified.tookMs / 1000)}
            </Meta>
            <Meta>
              head {integer(result.head.seq)}, sha256{" "}
              <CopyId id={result.head.hash} name="head hash" head={4} tail={4} />
            </Meta>
          </>
        ) : (
          <Meta>Verify recomputes the hash of every row, from the first to the head.</Meta>
        )}
      </div>
      <p className={s.how}>
        Each row holds the hash of the row before it, so that none can be changed, taken out or slipped in without
        breaking every hash that follows. Keep the head outside of this server: who holds it can prove what stood here.
      </p>
    </section>
  );
}
