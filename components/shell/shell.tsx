"use client";

import { IconDots, IconHandStop, IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import { type CommandGroup, CommandMenu, commandMenu } from "../kit/command-menu";
import { Hotkeys } from "../kit/hotkeys";
import { K } from "../kit/kbd";
import { type Mode, ModePill } from "../kit/mode-pill";
import type { Shortcut } from "../kit/shortcuts";
import { EnvironmentSwitch, type ShellEnvironment } from "./environment";
import { LiveDot, type LiveState } from "./live-dot";
import { Mark } from "./mark";
import { MoreSheet } from "./more-sheet";
import { NAV, type NavItem } from "./nav";
import { PersonMenu, type ShellPerson, ThemeMenu } from "./person-menu";
import r from "./rail.module.css";
import s from "./shell.module.css";

export type NavCount = { n: number; tone?: "bad" /** "4 alerts open" */; label?: string };

export type ShellProps = {
  environment: ShellEnvironment;
  environments: ShellEnvironment[];
  mode: Mode;
  stopping?: boolean;
  /** For example "36 of 41 runs". */
  modeNote?: string;
  /** In milliseconds in the contract; `revisionShort` is what the foot shows. */
  revision: number | string;
  revisionShort?: string;
  person: ShellPerson;
  live: LiveState;
  /** By segment. */
  counts?: Partial<Record<string, NavCount>>;
  version: string;
  nav?: NavItem[][];
  commands?: CommandGroup[];
  find?: (query: string) => CommandGroup[];
  shortcuts?: Shortcut[];
  onSignOut: () => void;
  children: ReactNode;
};

const NO_COUNTS: Partial<Record<string, NavCount>> = {};

export function Shell(props: ShellProps) {
  const {
    environment,
    environments,
    mode,
    stopping,
    modeNote,
    revision,
    person,
    live,
    counts = NO_COUNTS,
    version,
    nav = NAV,
    children,
  } = props;
  const [more, setMore] = useState(false);
  const segment = usePathname().split("/")[2] ?? "overview";
  const items = useMemo(() => nav.flat(), [nav]);
  const goTo = useMemo(
    () => items.map((item) => ({ key: item.key, label: item.label, href: `/${environment.slug}/${item.segment}` })),
    [items, environment.slug],
  );
  const bottom = items.filter((item) => item.bottom).slice(0, 4);
  const rest = items.filter((item) => !bottom.includes(item));
  const controls = `/${environment.slug}/controls`;
  const short = props.revisionShort ?? String(revision).slice(-4);
  const stopped = mode === "stop";
  return (
    <div className={s.frame}>
      <a className={s.skip} href="#main">
        Skip to content
      </a>
      <header className={s.top} data-kind={environment.kind}>
        <Link className={s.brand} href={`/${environment.slug}/overview`} aria-label="Interlock, overview">
          <Mark />
          <span>Interlock</span>
        </Link>
        <EnvironmentSwitch
          environment={environment}
          environments={environments}
          segment={items.some((item) => item.segment === segment) ? segment : "overview"}
        />
        <Link className={s.mode} href={controls}>
          <span className="il-sr">Control state: </span>
          <ModePill mode={mode} stopping={stopping} note={modeNote} />
        </Link>
        <LiveDot live={live} />
        <button type="button" className={s.search} onClick={commandMenu.open} aria-keyshortcuts="Meta+K Control+K">
          <IconSearch size={14} aria-hidden />
          <span>Search or jump to</span>
          <span className={s.searchKeys} aria-hidden>
            <K>⌘</K>
            <K>K</K>
          </span>
        </button>
        <Link
          className={s.stop}
          href={controls}
          aria-label={stopped ? "Controls" : `Stop… (opens controls of ${environment.name})`}
        >
          <IconHandStop size={15} aria-hidden />
          <span>{stopped ? "Controls" : "Stop…"}</span>
        </Link>
        <div className={s.person}>
          <ThemeMenu />
          <PersonMenu person={person} onSignOut={props.onSignOut} />
        </div>
      </header>
      <nav className={r.rail} aria-label="Main">
        {nav.map((group) => (
          <ul key={group[0]?.segment}>
            {group.map((item) => (
              <li key={item.segment}>
                <NavLink
                  item={item}
                  slug={environment.slug}
                  on={segment === item.segment}
                  count={counts[item.segment]}
                  size={16}
                  stroke={1.8}
                />
              </li>
            ))}
          </ul>
        ))}
        <div className={r.foot}>
          <span>Interlock {version}</span>
          <span title={`Revision ${revision}`}>rev {short}</span>
        </div>
      </nav>
      <main className={s.main} id="main" tabIndex={-1}>
        {children}
      </main>
      <nav className={r.bottom} aria-label="Main, phone">
        {bottom.map((item) => (
          <NavLink
            key={item.segment}
            item={item}
            slug={environment.slug}
            on={segment === item.segment}
            count={counts[item.segment]}
            size={19}
            stroke={1.7}
          />
        ))}
        <button
          type="button"
          onClick={() => setMore(true)}
          aria-haspopup="dialog"
          aria-expanded={more}
          data-on={rest.some((item) => item.segment === segment) || undefined}
        >
          <IconDots size={19} stroke={1.7} aria-hidden />
          More
        </button>
      </nav>
      <MoreSheet
        opened={more}
        onClose={() => setMore(false)}
        items={rest}
        slug={environment.slug}
        current={segment}
        person={person}
        onSignOut={props.onSignOut}
        foot={`Interlock ${version}, revision ${short}`}
      />
      <CommandMenu groups={props.commands ?? []} find={props.find} />
      <Hotkeys goTo={goTo} page={props.shortcuts} />
    </div>
  );
}

function NavLink(props: { item: NavItem; slug: string; on: boolean; count?: NavCount; size: number; stroke: number }) {
  const { item, slug, on, count, size, stroke } = props;
  const Icon = item.icon;
  return (
    <Link href={`/${slug}/${item.segment}`} data-on={on || undefined} aria-current={on ? "page" : undefined}>
      <Icon size={size} stroke={stroke} />
      {item.label}
      {count && count.n > 0 && (
        <b data-tone={count.tone} title={count.label}>
          {count.n > 999 ? "999+" : count.n}
          {count.label && <span className="il-sr"> ({count.label})</span>}
        </b>
      )}
    </Link>
  );
}
