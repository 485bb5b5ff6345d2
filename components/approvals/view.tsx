"use client";

import { useQueryState } from "nuqs";
import { usePageShortcuts } from "../kit/hotkeys";
import type { Shortcut } from "../kit/shortcuts";
import { Grants } from "./grants/grants";
import { Queue } from "./queue-view";
import { SaidProvider } from "./said";
import { approvalParams } from "./search-params";

const KEYS: Shortcut[] = [
  { keys: ["a"], label: "Approve, with a reason", group: "This page" },
  { keys: ["d"], label: "Deny, with a reason", group: "This page" },
  { keys: ["r"], label: "To the reason", group: "This page" },
  { keys: ["x"], label: "Select for a batch", group: "This page" },
  { keys: ["X"], label: "Select all alike", group: "This page" },
  { keys: ["A"], label: "Approve the batch", group: "This page" },
  { keys: ["D"], label: "Deny the batch", group: "This page" },
];

export function ApprovalsView() {
  const [view] = useQueryState("view", approvalParams.view);
  usePageShortcuts(KEYS);
  if (view === "grants") return <Grants />;
  return (
    <SaidProvider key={view}>
      <Queue view={view} />
    </SaidProvider>
  );
}
