"use client";

import { Popover, TextInput } from "@mantine/core";
import { IconPlus, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import s from "./filter-bar.module.css";
import { FilterEditor } from "./filter-editor";
import { type FilterField, type FilterValues, filterWords } from "./filters";
import { K } from "./kbd";
import { useKeys } from "./use-keys";

export type { FilterField, FilterValues } from "./filters";

export type FilterBarProps = {
  filters: FilterField[];
  values: FilterValues;
  /** All values after the change; a removed filter is null. */
  onChange: (values: FilterValues) => void;
  search?: { value: string; onChange: (text: string) => void; placeholder: string };
};

/** Chips with the words of the URL, "+ Filter", and a search box that `/` focuses. */
export function FilterBar({ filters, values, onChange, search }: FilterBarProps) {
  const set = (key: string, value: string | null) => onChange({ ...values, [key]: value });
  const [open, setOpen] = useState<string | null>(null);
  const [adding, setAdding] = useState<FilterField | null>(null);
  const active = filters.filter((field) => values[field.key]);
  const rest = filters.filter((field) => !values[field.key]);
  return (
    <search className={s.bar} aria-label="Filters">
      {active.map((field) => {
        const value = values[field.key] ?? "";
        return (
          <Popover
            key={field.key}
            opened={open === field.key}
            onChange={(opened) => setOpen(opened ? field.key : null)}
            position="bottom-start"
            trapFocus
            withRoles
          >
            <span className={s.chip}>
              <Popover.Target>
                <button
                  type="button"
                  className={s.value}
                  onClick={() => setOpen(open === field.key ? null : field.key)}
                >
                  <span>{field.label}</span> <b>{filterWords(field, value)}</b>
                </button>
              </Popover.Target>
              <button
                type="button"
                className={s.remove}
                aria-label={`Remove filter ${field.label}`}
                onClick={() => set(field.key, null)}
              >
                <IconX size={12} aria-hidden />
              </button>
            </span>
            <Popover.Dropdown className={s.editor} aria-label={`Filter ${field.label}`}>
              <FilterEditor
                field={field}
                value={value}
                onApply={(next) => {
                  set(field.key, next);
                  setOpen(null);
                }}
              />
            </Popover.Dropdown>
          </Popover>
        );
      })}
      {rest.length > 0 && (
        <Popover
          opened={open === "+"}
          onChange={(opened) => {
            setOpen(opened ? "+" : null);
            if (!opened) setAdding(null);
          }}
          position="bottom-start"
          trapFocus
          withRoles
        >
          <Popover.Target>
            <button type="button" className={s.add} onClick={() => setOpen(open === "+" ? null : "+")}>
              <IconPlus size={13} aria-hidden />
              Filter
            </button>
          </Popover.Target>
          <Popover.Dropdown className={s.editor} aria-label="Add a filter">
            {adding ? (
              <FilterEditor
                field={adding}
                value=""
                onApply={(next) => {
                  set(adding.key, next);
                  setOpen(null);
                  setAdding(null);
                }}
              />
            ) : (
              <ul className={s.fields}>
                {rest.map((field) => (
                  <li key={field.key}>
                    <button type="button" onClick={() => setAdding(field)}>
                      {field.label}
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </Popover.Dropdown>
        </Popover>
      )}
      {active.length > 1 && (
        <button
          type="button"
          className={s.clear}
          onClick={() => onChange(Object.fromEntries(filters.map((field) => [field.key, null])))}
        >
          Clear all
        </button>
      )}
      {search && <SearchBox {...search} />}
    </search>
  );
}

/** Sends what was typed after a short rest, and at once on Enter. */
function SearchBox({
  value,
  onChange,
  placeholder,
}: {
  value: string;
  onChange: (text: string) => void;
  placeholder: string;
}) {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== sent) {
    setSent(value);
    setText(value);
  }
  const send = useRef(onChange);
  useEffect(() => {
    send.current = onChange;
  });
  useEffect(() => {
    if (text === sent) return;
    const timer = setTimeout(() => {
      setSent(text);
      send.current(text);
    }, 300);
    return () => clearTimeout(timer);
  }, [text, sent]);
  useKeys({ "/": () => box.current?.focus() });
  return (
    <TextInput
      ref={box}
      className={s.search}
      size="xs"
      type="search"
      aria-label={placeholder}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          setSent(text);
          onChange(text);
        }
        if (event.key === "Escape") box.current?.blur();
      }}
      leftSection={<IconSearch size={13} aria-hidden />}
      rightSection={text ? null : <K>/</K>}
    />
  );
}
