"use client";

import { Button, Checkbox, Popover } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import s from "./columns-menu.module.css";

/** Which columns a table shows. `hidden` are ids; keep it where the person finds it again. */
export function ColumnsMenu(props: {
  columns: { id: string; header: string; fixed?: boolean }[];
  hidden: string[];
  onChange: (hidden: string[]) => void;
}) {
  const { columns, hidden, onChange } = props;
  return (
    <Popover position="bottom-end" trapFocus withRoles>
      <Popover.Target>
        <Button leftSection={<IconColumns3 size={15} aria-hidden />}>Columns</Button>
      </Popover.Target>
      <Popover.Dropdown className={s.list} aria-label="Columns">
        {columns.map((column) => (
          <Checkbox
            key={column.id}
            label={column.header}
            disabled={column.fixed}
            checked={!hidden.includes(column.id)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? hidden.filter((id) => id !== column.id) : [...hidden, column.id])
            }
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
