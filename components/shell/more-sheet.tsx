"use client";

import { Drawer, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { commandMenu } from "../kit/command-menu";
import s from "./more-sheet.module.css";
import type { NavItem } from "./nav";
import { type ShellPerson, THEMES } from "./person-menu";

/* Mantine drawers take a length, not "auto": the fixed parts, and a row for each place and for search. */
const HEIGHT = 252;
const ROW = 48;

/** What the bottom bar has no place for. */
export function MoreSheet(props: {
  opened: boolean;
  onClose: () => void;
  items: NavItem[];
  slug: string;
  current: string;
  person: ShellPerson;
  onSignOut: () => void;
  foot: string;
}) {
  const { opened, onClose, items, slug, current, person, onSignOut, foot } = props;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="bottom" size={`${HEIGHT + (items.length + 1) * ROW}px`}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={s.head}>
          <Drawer.Title className={s.title}>More</Drawer.Title>
          <Drawer.CloseButton size="lg" aria-label="Close" />
        </div>
        <Drawer.Body>
          <ul className={s.list}>
            {items.map(({ segment, label, icon: Icon }) => (
              <li key={segment}>
                <Link
                  href={`/${slug}/${segment}`}
                  aria-current={segment === current ? "page" : undefined}
                  onClick={onClose}
                >
                  <Icon size={19} stroke={1.7} />
                  {label}
                </Link>
              </li>
            ))}
            <li>
              <button
                type="button"
                onClick={() => {
                  onClose();
                  commandMenu.open();
                }}
              >
                <IconSearch size={19} stroke={1.7} aria-hidden />
                Search or jump to
              </button>
            </li>
          </ul>
          <div className={s.theme}>
            <span id="more-theme">Theme</span>
            <SegmentedControl
              aria-labelledby="more-theme"
              value={colorScheme}
              onChange={(value) => setColorScheme(THEMES.find((each) => each.value === value)?.value ?? "auto")}
              data={THEMES.map(({ value, label }) => ({ value, label: value === "auto" ? "System" : label }))}
            />
          </div>
          <div className={s.who}>
            <div>
              <b>{person.name}</b>
              <span>{person.email}</span>
            </div>
            <button type="button" onClick={onSignOut}>
              <IconLogout size={17} aria-hidden />
              Sign out
            </button>
          </div>
          <p className={s.foot}>{foot}</p>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
