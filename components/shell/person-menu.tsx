"use client";

import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconBrightnessAuto, IconCheck, IconKeyboard, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { showHotkeys } from "../kit/hotkeys";
import { initials } from "../kit/person";
import s from "./person-menu.module.css";

export type ShellPerson = { name: string; email: string };

export const THEMES = [
  { value: "light", label: "Light", Icon: IconSun },
  { value: "dark", label: "Dark", Icon: IconMoon },
  { value: "auto", label: "As the system", Icon: IconBrightnessAuto },
] as const;

/** Light, dark or as the system; Mantine keeps the choice. */
export function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={180}>
      <Menu.Target>
        <ActionIcon aria-label="Theme">
          <IconSun size={16} className={s.sun} aria-hidden />
          <IconMoon size={16} className={s.moon} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {THEMES.map(({ value, label, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} aria-hidden />}
            rightSection={colorScheme === value ? <IconCheck size={14} aria-label="chosen" /> : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function PersonMenu({ person, onSignOut }: { person: ShellPerson; onSignOut: () => void }) {
  return (
    <Menu width={240}>
      <Menu.Target>
        <button type="button" className={s.me}>
          <span aria-hidden>{initials(person.name)}</span>
          <span className="il-sr">{person.name}, account</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={s.who}>
          <b>{person.name}</b>
          <span>{person.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={15} aria-hidden />} onClick={showHotkeys}>
          Keys
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={15} aria-hidden />} onClick={onSignOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
