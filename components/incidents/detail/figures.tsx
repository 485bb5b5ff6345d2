"use client";

import type { IncidentDetail } from "@/lib/incidents/schema";
import { usePlace } from "../../frame/place";
import { clockUtc, counted, duration, integer, money, shorten } from "../../kit/numbers";
import { Figures } from "../../kit/panel";
import { ExactTime } from "../../kit/time";
import { runHref } from "../../runs/list/columns";
import { Commander } from "../parts";
import s from "./detail.module.css";

const since = (from: string, to: string): string =>
  duration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000, "prose");
const at = (iso: string): string => clockUtc(new Date(iso));
const words = (reason: string): string => reason.replaceAll("_", " ");

export function IncidentFigures({ of }: { of: IncidentDetail }) {
  const { slug } = usePlace().environment;
  const { evidence: e } = of;
  const stopped = of.stopped_at ?? e.stopped_at;
  const reasons = e.stop_reasons
    .slice(0, 2)
    .map((r) => `${r.runs} ${words(r.stop_reason)}`)
    .join(", ");
  const predicted = of.predicted?.cost_usd ?? null;
  const costs = [
    predicted === null ? "" : `${money(predicted, { run: true })} predicted`,
    e.unsettled_usd > 0 ? `${money(e.unsettled_usd)} unsettled` : "",
  ];
  return (
    <Figures
      label="Facts"
      items={[
        {
          label: "Commander",
          value: (
            <span className={s.commander}>
              <Commander of={of} />
            </span>
          ),
          note: of.commander ? (
            <>
              since <ExactTime at={of.commander.since} />
            </>
          ) : undefined,
        },
        {
          label: "Began",
          value: <ExactTime at={of.started_at} />,
          note: e.first_run ? shorten(e.first_run) : "no run is named",
          href: e.first_run ? runHref(slug, e.first_run) : undefined,
        },
        {
          label: "Found",
          value: since(of.started_at, of.detected_at),
          note: of.alerts > 0 ? `by a rule, at ${at(of.detected_at)}` : `by ${of.opened_by}, at ${at(of.detected_at)}`,
        },
        {
          label: "Stopped",
          value: stopped ? since(of.started_at, stopped) : "not yet",
          note: stopped
            ? `${of.stopped_at && of.stopped_at !== e.stopped_at ? "as people said" : (e.stopped_by ?? "as people said")}, at ${at(stopped)}`
            : e.runs > 0
              ? `${counted(e.live, "run")} of ${integer(e.runs)} go on`
              : "no run is named",
          tone: stopped || e.live === 0 ? undefined : "bad",
        },
        {
          label: "Runs",
          value: integer(e.runs),
          unit: reasons || undefined,
          note: e.tenants > 0 ? counted(e.tenants, "tenant") : undefined,
        },
        {
          label: "Cost",
          value: money(e.cost_usd),
          note: costs.filter((c) => c !== "").join(", ") || "no cost was predicted",
        },
      ]}
    />
  );
}
