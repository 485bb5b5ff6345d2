"use client";

import { Menu } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import Link from "next/link";
import s from "./environment.module.css";

export type EnvironmentKind = "production" | "staging" | "development";
export type ShellEnvironment = { slug: string; name: string; kind: EnvironmentKind };

const WORDS: Record<EnvironmentKind, { full: string; short: string }> = {
  production: { full: "PRODUCTION", short: "PROD" },
  staging: { full: "Staging", short: "Stage" },
  development: { full: "Development", short: "Dev" },
};

/** Kind and name in the kind's own colour; production's plum is used for nothing else. */
export function EnvironmentSwitch({
  environment,
  environments,
  segment,
}: {
  environment: ShellEnvironment;
  environments: ShellEnvironment[];
  segment: string;
}) {
  const { full, short } = WORDS[environment.kind];
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <button
          type="button"
          className={s.chip}
          data-kind={environment.kind}
          title={`${full.toLowerCase()} / ${environment.name}`}
        >
          <span className="il-sr">Environment: </span>
          <b>
            <span className={s.full}>{full}</span>
            <span className={s.short} aria-hidden>
              {short}
            </span>
          </b>
          <span className={s.name}>
            <span>{environment.name}</span>
            <IconSelector size={13} aria-hidden />
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Environments</Menu.Label>
        {environments.map((each) => (
          <Menu.Item
            key={each.slug}
            component={Link}
            href={`/${each.slug}/${segment}`}
            aria-current={each.slug === environment.slug ? "true" : undefined}
            leftSection={<i className={s.dot} data-kind={each.kind} aria-hidden />}
            rightSection={each.slug === environment.slug ? <IconCheck size={14} aria-hidden /> : undefined}
          >
            {each.name} <small className={s.kind}>{WORDS[each.kind].full}</small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
