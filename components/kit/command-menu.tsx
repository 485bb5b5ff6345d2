"use client";

import { Modal } from "@mantine/core";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { type ComponentType, Fragment, type ReactNode, useState } from "react";
import s from "./command-menu.module.css";
import { matchCommands } from "./commands";
import { K } from "./kbd";

export type CommandAction = {
  id: string;
  label: string;
  /** Right, small: "17 runs, 6 instances". */
  detail?: string;
  icon?: ComponentType<{ size?: number; stroke?: number }>;
  tone?: "bad" | "warn";
  keywords?: string[];
  /** Goes somewhere, or opens the act's own confirmation; nothing is ever sent from the list. */
  onRun: () => void;
};

export type CommandGroup = { label: string; actions: CommandAction[] };

const [store, commandMenu] = createSpotlight();

export { commandMenu };

/** ⌘K. `find` may add groups for what is typed, such as a run by its id. */
export function CommandMenu({ groups, find }: { groups: CommandGroup[]; find?: (query: string) => CommandGroup[] }) {
  const [query, setQuery] = useState("");
  const shown = [...matchCommands(groups, query), ...(query.trim() ? (find?.(query.trim()) ?? []) : [])];
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      tagsToIgnore={[]}
      size={620}
      yOffset={112}
      scrollable
      centered={false}
      overlayProps={{ color: "var(--il-overlay)", backgroundOpacity: 1, blur: 0 }}
      maxHeight="min(440px, 60vh)"
      classNames={{
        content: s.box,
        search: s.search,
        actionsList: s.list,
        actionsGroup: s.group,
        empty: s.empty,
        inner: s.inner,
      }}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Title className="il-sr">Command menu</Modal.Title>
      <Spotlight.Search
        aria-label="Search or jump to"
        placeholder="Search or jump to"
        leftSection={<IconSearch size={17} aria-hidden />}
        rightSection={<K>esc</K>}
      />
      <Spotlight.ActionsList>
        {shown.map((group) => (
          <Spotlight.ActionsGroup key={group.label} label={group.label}>
            {group.actions.map((action) => {
              const Icon = action.icon;
              return (
                <Spotlight.Action key={action.id} className={s.action} data-tone={action.tone} onClick={action.onRun}>
                  <span className={s.icon} aria-hidden>
                    {Icon && <Icon size={16} stroke={1.8} />}
                  </span>
                  <span className={s.label}>{marked(action.label, query)}</span>
                  {action.detail && <small>{action.detail}</small>}
                </Spotlight.Action>
              );
            })}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 && <Spotlight.Empty>Nothing fits “{query}”.</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <div className={s.foot}>
        <span>
          <K>↑</K>
          <K>↓</K> move
        </span>
        <span>
          <K>↵</K> open
        </span>
        <span className={s.last}>Acts ask for a reason before anything is sent</span>
      </div>
    </Spotlight.Root>
  );
}

function marked(label: string, query: string): ReactNode {
  const word = query.trim().toLowerCase();
  const at = word ? label.toLowerCase().indexOf(word) : -1;
  if (at < 0) return label;
  return (
    <Fragment>
      {label.slice(0, at)}
      <b>{label.slice(at, at + word.length)}</b>
      {label.slice(at + word.length)}
    </Fragment>
  );
}
