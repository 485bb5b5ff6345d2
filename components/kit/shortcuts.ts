export type Shortcut = { keys: string[]; label: string; group: "Anywhere" | "Go to" | "Lists" | "This page" };

/** Every key that works on every page; "Go to" is added from the navigation, "This page" by the page. */
export const SHORTCUTS: Shortcut[] = [
  { keys: ["mod", "K"], label: "Search, go to, act", group: "Anywhere" },
  { keys: ["?"], label: "Show these keys", group: "Anywhere" },
  { keys: ["esc"], label: "Close what is open", group: "Anywhere" },
  { keys: ["/"], label: "Search in the list", group: "Lists" },
  { keys: ["j"], label: "Next row", group: "Lists" },
  { keys: ["k"], label: "Row before", group: "Lists" },
  { keys: ["↵"], label: "Open the row", group: "Lists" },
];

export const SHORTCUT_GROUPS = ["Anywhere", "Go to", "Lists", "This page"] as const;
