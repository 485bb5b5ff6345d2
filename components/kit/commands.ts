type Searchable = { label: string; detail?: string; keywords?: string[] };

/** Keeps the actions in which every typed word occurs; a label that starts with the words comes first. */
export function matchCommands<A extends Searchable, G extends { label: string; actions: A[] }>(
  groups: G[],
  query: string,
): G[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups.filter((group) => group.actions.length > 0);
  const fits = (action: A) => {
    const text = [action.label, action.detail ?? "", ...(action.keywords ?? [])].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const first = words[0] ?? "";
  const rank = (action: A) => (action.label.toLowerCase().startsWith(first) ? 0 : 1);
  return groups
    .map((group) => ({ ...group, actions: group.actions.filter(fits).sort((a, b) => rank(a) - rank(b)) }))
    .filter((group) => group.actions.length > 0);
}
