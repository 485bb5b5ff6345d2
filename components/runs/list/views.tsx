"use client";

import { ActionIcon, Button, Popover, TextInput } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { announce } from "../../kit/announce";
import { integer } from "../../kit/numbers";
import { ViewTabs } from "../../kit/view-tabs";
import { anyFilter, NO_FILTERS, RUN_VIEWS, type RunView, setFilters, viewOf } from "../filters";
import { runCountQuery } from "../queries";
import type { RunFilters } from "../search-params";
import s from "./list.module.css";

type Props = { environment: string; filters: RunFilters; counting: boolean; onChange: (filters: RunFilters) => void };

/** The views everybody has and those this person saved in this browser. */
export function RunViews({ environment, filters, counting, onChange }: Props) {
  const [saved, setSaved] = useLocalStorage<RunView[]>({ key: `il-run-views-${environment}`, defaultValue: [] });
  const views = [...RUN_VIEWS, ...saved];
  const value = viewOf(filters, views);
  const counts = useQueries({
    queries: views.map((view) =>
      runCountQuery(environment, { ...NO_FILTERS, started: filters.started, ...view.filters }, counting),
    ),
  });
  const count = (index: number) => {
    const data = counts[index]?.data;
    return data && counting ? `${integer(data.total)}${data.capped ? "+" : ""}` : undefined;
  };
  const current = saved.find((view) => view.id === value);
  return (
    <div className={s.views}>
      <ViewTabs
        label="Views"
        value={value}
        views={views.map((view, index) => ({ id: view.id, label: view.label, count: count(index) }))}
        onChange={(id) => {
          const view = views.find((each) => each.id === id);
          if (view) onChange({ ...NO_FILTERS, started: filters.started, ...view.filters });
        }}
      />
      {current && (
        <ActionIcon
          aria-label={`Remove the view ${current.label}`}
          onClick={() => {
            setSaved(saved.filter((view) => view.id !== current.id));
            announce(`View ${current.label} removed`);
          }}
        >
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      )}
      <SaveView
        disabled={!anyFilter(filters)}
        onSave={(label) => {
          const id = `saved-${label.toLowerCase().replace(/\W+/g, "-")}`;
          setSaved([...saved.filter((view) => view.id !== id), { id, label, filters: setFilters(filters) }]);
          announce(`View ${label} saved in this browser`);
        }}
      />
    </div>
  );
}

function SaveView({ disabled, onSave }: { disabled: boolean; onSave: (label: string) => void }) {
  const [opened, setOpened] = useState(false);
  const [label, setLabel] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!label.trim()) return;
    onSave(label.trim());
    setLabel("");
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withRoles>
      <Popover.Target>
        <Button
          size="xs"
          variant="subtle"
          disabled={disabled}
          title={disabled ? "Set a filter first" : undefined}
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          Save view
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save view">
        <form onSubmit={submit} className={s.save}>
          <TextInput
            data-autofocus
            label="Name"
            description="Kept in this browser, with the filters as they stand."
            maxLength={40}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" size="xs">
            Save
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
