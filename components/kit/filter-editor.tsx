"use client";

import { Button, Checkbox, NumberInput, Radio, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import s from "./filter-bar.module.css";
import { type FilterField, formatRange, parseRange, TIME_PRESETS } from "./filters";

const local = (iso: string | undefined) => (iso?.includes("T") ? iso.slice(0, 16) : "");
const utc = (text: string) => (text ? `${text}Z` : undefined);

/** The form of one filter; applied as a whole. */
export function FilterEditor({
  field,
  value,
  onApply,
}: {
  field: FilterField;
  value: string;
  onApply: (value: string | null) => void;
}) {
  const [draft, setDraft] = useState(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onApply(draft.trim() || null);
  };
  return (
    <form className={s.form} onSubmit={submit}>
      <fieldset>
        <legend>{field.label}</legend>
        <Inputs field={field} draft={draft} onDraft={setDraft} />
      </fieldset>
      <div className={s.formFoot}>
        <Button type="submit" variant="filled" size="xs">
          Apply
        </Button>
        {value && (
          <Button size="xs" onClick={() => onApply(null)}>
            Remove
          </Button>
        )}
      </div>
    </form>
  );
}

function Inputs({ field, draft, onDraft }: { field: FilterField; draft: string; onDraft: (value: string) => void }) {
  switch (field.kind) {
    case "text":
      return (
        <TextInput
          data-autofocus
          aria-label={field.label}
          value={draft}
          onChange={(event) => onDraft(event.currentTarget.value)}
        />
      );
    case "select":
      return <Choices field={field} draft={draft} onDraft={onDraft} />;
    case "number": {
      const { min, max } = parseRange(draft);
      const number = (text: string | undefined) => (text === undefined ? "" : Number(text));
      const put = (from: string | number | undefined, to: string | number | undefined) =>
        onDraft(formatRange(from, to) ?? "");
      return (
        <div className={s.pair}>
          <NumberInput
            data-autofocus
            label="At least"
            prefix={field.prefix}
            suffix={field.unit && ` ${field.unit}`}
            value={number(min)}
            onChange={(next) => put(next, max)}
            min={0}
          />
          <NumberInput
            label="At most"
            prefix={field.prefix}
            suffix={field.unit && ` ${field.unit}`}
            value={number(max)}
            onChange={(next) => put(min, next)}
            min={0}
          />
        </div>
      );
    }
    case "time": {
      const { min, max } = parseRange(draft);
      return (
        <div className={s.time}>
          <Radio.Group aria-label="Period" value={draft} onChange={onDraft}>
            <div className={s.choices}>
              {TIME_PRESETS.map((preset) => (
                <Radio key={preset.value} value={preset.value} label={preset.label} />
              ))}
            </div>
          </Radio.Group>
          <TextInput
            type="datetime-local"
            label="From, UTC"
            value={local(min)}
            onChange={(event) => onDraft(formatRange(utc(event.currentTarget.value), max) ?? "")}
          />
          <TextInput
            type="datetime-local"
            label="To, UTC"
            value={local(max)}
            onChange={(event) =>
              onDraft(formatRange(min?.includes("T") ? min : undefined, utc(event.currentTarget.value)) ?? "")
            }
          />
        </div>
      );
    }
  }
}

function Choices({ field, draft, onDraft }: { field: FilterField; draft: string; onDraft: (value: string) => void }) {
  const options = field.options ?? [];
  if (field.single) {
    return (
      <Radio.Group aria-label={field.label} value={draft} onChange={onDraft}>
        <div className={s.choices}>
          {options.map((option) => (
            <Radio key={option.value} value={option.value} label={option.label} />
          ))}
        </div>
      </Radio.Group>
    );
  }
  return (
    <Checkbox.Group
      aria-label={field.label}
      value={draft ? draft.split(",") : []}
      onChange={(next) => onDraft(next.join(","))}
    >
      <div className={s.choices}>
        {options.map((option) => (
          <Checkbox key={option.value} value={option.value} label={option.label} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
