import {
  IconBell,
  IconBook2,
  IconChecklist,
  IconClipboardCheck,
  IconCoin,
  IconFlame,
  IconHandStop,
  IconHistory,
  IconLayoutDashboard,
  IconRobot,
  IconSettings,
  IconShieldLock,
  IconTestPipe,
  IconTimeline,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

export type NavItem = {
  /** The URL's segment after the environment. */
  segment: string;
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** `g` and this letter. */
  key: string;
  /** Stands in the bottom bar of a phone; the first four do. */
  bottom?: boolean;
};

/** Only pages that exist. The groups are divided by a hairline. */
export const NAV: NavItem[][] = [
  [
    { segment: "overview", label: "Overview", icon: IconLayoutDashboard, key: "o", bottom: true },
    { segment: "runs", label: "Runs", icon: IconTimeline, key: "r", bottom: true },
    { segment: "approvals", label: "Approvals", icon: IconChecklist, key: "p", bottom: true },
    { segment: "alerts", label: "Alerts", icon: IconBell, key: "t" },
    { segment: "incidents", label: "Incidents", icon: IconFlame, key: "i" },
    { segment: "controls", label: "Controls", icon: IconHandStop, key: "k", bottom: true },
  ],
  [
    { segment: "failures", label: "Failures", icon: IconBook2, key: "f" },
    { segment: "policies", label: "Policies", icon: IconShieldLock, key: "l" },
    { segment: "budgets", label: "Budgets", icon: IconCoin, key: "b" },
  ],
  [
    { segment: "agents", label: "Agents", icon: IconRobot, key: "a" },
    { segment: "readiness", label: "Readiness", icon: IconClipboardCheck, key: "d" },
    { segment: "evaluations", label: "Evaluations", icon: IconTestPipe, key: "e" },
  ],
  [
    { segment: "audit", label: "Audit", icon: IconHistory, key: "u" },
    { segment: "settings", label: "Settings", icon: IconSettings, key: "s" },
  ],
];
