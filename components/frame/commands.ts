"use client";

import {
  IconArrowRight,
  IconChecklist,
  IconFileDiff,
  IconHandStop,
  IconHelpCircle,
  IconShieldHalf,
  IconShieldLock,
  IconTimeline,
} from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import type { CountsShape } from "@/lib/approvals/schema";
import type { StateShape } from "@/lib/controls/schema";
import type { EnvironmentShape } from "@/lib/tenancy/schema";
import type { CommandGroup } from "../kit/command-menu";
import { NAV } from "../shell/nav";

/** The command menu is data. Acts open the page that asks for a reason; nothing is sent from the list. */
export function useCommands(
  environment: EnvironmentShape,
  state: StateShape | undefined,
  approvals: CountsShape | undefined,
) {
  const mine = approvals?.mine ?? 0;
  const router = useRouter();
  return useMemo(() => {
    const base = `/${environment.slug}`;
    const go = (path: string) => () => router.push(`${base}${path}`);
    const commands: CommandGroup[] = [
      {
        label: "Act",
        actions: [
          {
            id: "stop",
            label: "Stop…",
            detail: "asks for a reason",
            icon: IconHandStop,
            tone: "bad",
            keywords: ["kill", "switch", "halt"],
            onRun: go("/controls?mode=stop"),
          },
          {
            id: "safe",
            label: "Safe mode…",
            detail: "asks for a reason",
            icon: IconShieldHalf,
            tone: "warn",
            onRun: go("/controls?mode=safe_mode"),
          },
          ...(mine > 0
            ? [
                {
                  id: "approve",
                  label: "Approve next…",
                  detail: `${mine} wait for you`,
                  icon: IconChecklist,
                  keywords: ["approval", "verdict", "deny", "queue"],
                  onRun: go("/approvals/next"),
                },
              ]
            : []),
          ...(state?.switches ?? []).slice(0, 5).map((s) => ({
            id: s.switch_id,
            label: `Release ${s.scope.kind === "environment" ? environment.name : `${s.scope.kind.replace("_", " ")} ${s.scope.key}`}…`,
            detail: s.reason,
            icon: IconArrowRight,
            onRun: go(`/controls/${s.switch_id}`),
          })),
        ],
      },
      {
        label: "Go to",
        actions: [
          ...NAV.flat().map((item) => ({
            id: item.segment,
            label: item.label,
            icon: item.icon,
            detail: `g ${item.key}`,
            onRun: go(`/${item.segment}`),
          })),
          {
            id: "effective",
            label: "Effective policy",
            detail: "agent × task × tenant",
            icon: IconFileDiff,
            keywords: ["policies", "rules", "sum"],
            onRun: go("/policies/effective"),
          },
          {
            id: "try",
            label: "Try a call…",
            detail: "what would the gate say",
            icon: IconHelpCircle,
            keywords: ["policies", "decision", "deny", "allow"],
            onRun: go("/policies/effective?try=true"),
          },
        ],
      },
    ];
    const find = (text: string): CommandGroup[] => {
      const wanted = text.trim();
      if (wanted.length < 2) return [];
      const href = wanted.startsWith("run_")
        ? `/runs/${encodeURIComponent(wanted)}`
        : `/runs?q=${encodeURIComponent(wanted)}`;
      return [
        {
          label: "Runs",
          actions: [
            {
              id: `find-${wanted}`,
              label: `Find “${wanted}” in runs`,
              icon: IconTimeline,
              keywords: [wanted],
              onRun: go(href),
            },
          ],
        },
        {
          label: "Policies",
          actions: [
            {
              id: `policies-${wanted}`,
              label: `Find “${wanted}” in policies`,
              icon: IconShieldLock,
              keywords: [wanted],
              onRun: go(`/policies?q=${encodeURIComponent(wanted)}`),
            },
          ],
        },
      ];
    };
    return { commands, find };
  }, [environment, state, mine, router]);
}
