"use client";

import { ActionIcon } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { announce } from "../../kit/announce";
import type { PickingState } from "../use-picking";
import { BATCH_MAX } from "../words";
import s from "./queue.module.css";

export const PickButton = ({ onStart }: { onStart: () => void }) => (
  <ActionIcon size={24} aria-label="Select several" title="Select several (x)" onClick={onStart}>
    <IconListCheck size={16} aria-hidden />
  </ActionIcon>
);

/** Where the tabs stand, while cases are picked for one verdict. */
export function PickedHead({ picking }: { picking: PickingState }) {
  const n = picking.ids.length;
  return (
    <div className={s.picked}>
      <b role="status">{n === BATCH_MAX ? `${n} selected, no more` : `${n} selected`}</b>
      {picking.more > 0 && (
        <button
          type="button"
          className={s.link}
          onClick={() => {
            picking.alike(null);
            announce("All alike are selected");
          }}
        >
          All {Math.min(BATCH_MAX, n + picking.more)} alike
        </button>
      )}
      {n > 0 && (
        <button type="button" className={`${s.link} ${s.read}`} onClick={picking.read}>
          Read {n}
        </button>
      )}
      <button type="button" className={s.link} onClick={picking.stop}>
        {n > 0 ? "Clear" : "Done"}
      </button>
    </div>
  );
}
