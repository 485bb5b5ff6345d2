"use client";

import { Popover, Select } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { cx, vars } from "../../kit/vars";
import s from "./rule.module.css";

/** A slot of the sentence that is chosen from a list. */
export function PickSlot(props: {
  label: string;
  data: Parameters<typeof Select>[0]["data"];
  value: string;
  width: number;
  mono?: boolean;
  searchable?: boolean;
  locked: boolean;
  onPick: (value: string) => void;
}) {
  const { label, data, value, width, mono, searchable, locked, onPick } = props;
  return (
    <Select
      aria-label={label}
      className={cx(s.slot, mono && s.slotMono)}
      classNames={{ input: s.input }}
      style={vars({ "--ch": width + 2 })}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      allowDeselect={false}
      searchable={searchable ?? false}
      rightSection={<IconChevronDown size={14} aria-hidden />}
      rightSectionPointerEvents="none"
      maxDropdownHeight={320}
      data={data}
      value={value}
      disabled={locked}
      onChange={(next) => next !== null && onPick(String(next))}
    />
  );
}

/** A slot that opens the fields it stands for. */
export function OpenSlot({
  label,
  shown,
  locked,
  children,
}: {
  label: string;
  shown: string;
  locked: boolean;
  children: ReactNode;
}) {
  return (
    <Popover position="bottom-start" trapFocus withRoles disabled={locked}>
      <Popover.Target>
        <button type="button" className={s.open} disabled={locked} aria-label={`${label}: ${shown}`}>
          <span>{shown}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={s.fields} aria-label={label}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
