"use client";

import {
  IconAlertTriangle,
  IconBuilding,
  IconCircleX,
  IconFlag,
  IconListCheck,
  IconRobot,
  IconServer,
  IconTimeline,
  IconTool,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { BudgetScope, BudgetShape } from "@/lib/budgets/schema";
import { SpendBar } from "../kit/meter";
import { St } from "../kit/status";
import { useClock } from "../kit/time";
import s from "./budgets.module.css";
import { amountWords, forecastWords, usedOf } from "./words";

export const SCOPE_ICONS: Record<BudgetScope, ComponentType<{ size?: number }>> = {
  environment: IconServer,
  tenant: IconBuilding,
  agent: IconRobot,
  task_type: IconListCheck,
  tool: IconTool,
  stage: IconFlag,
  run: IconTimeline,
};

/** The hard tick stands a little before the end, so that it can be seen. */
const SCALE = 1.02;

export function BudgetBar({ of, label }: { of: BudgetShape; label: string }) {
  const unit = of.amount > 0 ? 1 / (of.amount * SCALE) : 0;
  const { spent, unsettled, held } = of.usage;
  const left = of.window_end ? Date.parse(of.window_end) : null;
  const projected = useClock((now) => {
    if (!of.forecast || left === null) return "";
    return String(
      Math.round((usedOf(of) + of.forecast.per_hour * Math.max(0, (left - now) / 3_600_000)) * unit * 200) / 200,
    );
  }, "");
  return (
    <SpendBar
      label={label}
      spent={spent * unit}
      unsettled={unsettled * unit}
      held={held * unit}
      forecast={projected === "" ? undefined : Math.min(1 / SCALE, Number(projected))}
      soft={of.soft ? of.soft.at / SCALE : undefined}
      hard={of.hard ? 1 / SCALE : undefined}
    />
  );
}

/** Reached, or when it will be. */
export function Outlook({ of }: { of: BudgetShape }) {
  const text = useClock((now) => forecastWords(of, now).text, "–");
  const soon = useClock((now) => String(forecastWords(of, now).soon), "false") === "true";
  const calm = useClock((now) => String(forecastWords(of, now).calm), "true") === "true";
  if (of.reached === "hard")
    return (
      <St tone="bad" icon={<IconCircleX size={14} aria-hidden />}>
        {of.hard ? "cap reached" : "amount passed"}
      </St>
    );
  const words = of.reached === "soft" ? `soft reached${calm ? "" : `, ${text}`}` : text;
  if (soon || of.reached === "soft")
    return (
      <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
        {words}
      </St>
    );
  return <span className={calm ? s.calm : undefined}>{words}</span>;
}

export const Amount = ({ of, n }: { of: BudgetShape; n: number }) => amountWords(of.metric, n);
