"use client";

import { Autocomplete } from "@mantine/core";
import { IconBuilding, IconListCheck, IconRobot } from "@tabler/icons-react";
import { Fragment, type ReactNode, useState } from "react";
import { usePlace } from "../../frame/place";
import type { Who } from "../search-params";
import { useNames } from "../use-names";
import s from "./effective.module.css";

const PARTS = [
  { key: "agent_id", label: "agent", Icon: IconRobot },
  { key: "task_type", label: "task", Icon: IconListCheck },
  { key: "tenant_id", label: "tenant", Icon: IconBuilding },
] as const;

/** agent × task × tenant; a name that has not appeared yet may be typed. */
export function Pickers({ who, onWho, said }: { who: Who; onWho: (who: Who) => void; said?: string }) {
  const names = useNames(usePlace().environment.slug);
  return (
    <section className={s.pick} aria-label="Whose policy">
      {PARTS.map(({ key, label, Icon }, n) => (
        <Fragment key={key}>
          {n > 0 && <i aria-hidden>×</i>}
          <Picker
            key={who[key] ?? ""}
            label={label}
            icon={<Icon size={15} aria-hidden />}
            names={names[key]}
            value={who[key] ?? ""}
            onPick={(name) => onWho({ ...who, [key]: name || null })}
          />
        </Fragment>
      ))}
      <span className={s.said} role="status">
        {said}
      </span>
    </section>
  );
}

function Picker(props: {
  label: string;
  icon: ReactNode;
  names: string[];
  value: string;
  onPick: (name: string) => void;
}) {
  const { label, icon, names, value, onPick } = props;
  const [text, setText] = useState(value);
  const send = (next: string) => {
    if (next.trim() !== value) onPick(next.trim());
  };
  return (
    <div className={s.picker}>
      <span aria-hidden>{label}</span>
      <Autocomplete
        aria-label={label}
        placeholder="any"
        leftSection={icon}
        data={names}
        value={text}
        maxLength={200}
        onChange={setText}
        onOptionSubmit={send}
        onBlur={() => send(text)}
        onKeyDown={(event) => {
          if (event.key === "Enter") send(text);
        }}
        clearable
        onClear={() => onPick("")}
      />
    </div>
  );
}
