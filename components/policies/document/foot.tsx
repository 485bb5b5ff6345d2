"use client";

import { IconAlertCircle, IconAlertTriangle, IconCircleCheck, IconLoader2 } from "@tabler/icons-react";
import { K } from "../../kit/kbd";
import { counted } from "../../kit/numbers";
import { St } from "../../kit/status";
import s from "../policies.module.css";
import type { Place } from "./code-editor";
import type { CheckedText } from "./use-checked";

/** What stands wrong, where the cursor is, and the keys. */
export function Foot({ checked, place, allowed }: { checked: CheckedText; place: Place; allowed: boolean }) {
  const { errors, problems, checking, failed } = checked;
  const warned = problems.length - errors;
  const state = () => {
    if (errors > 0)
      return (
        <St tone="bad" icon={<IconAlertCircle size={14} aria-hidden />}>
          {counted(errors, "error")}
        </St>
      );
    if (checking) return <St icon={<IconLoader2 size={14} aria-hidden />}>checking</St>;
    if (failed) return <St tone="warn">could not be checked</St>;
    return (
      <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
        no error
      </St>
    );
  };
  return (
    <>
      <span className={s.foot}>
        <span role="status">{state()}</span>
        {warned > 0 && (
          <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
            {counted(warned, "warning")}
          </St>
        )}
        <span>
          line {place.line}, column {place.column}
        </span>
      </span>
      {allowed && (
        <span className={s.keys}>
          <K>F8</K> next problem <K>⌃</K> <K>space</K> complete <K>⌘/Ctrl</K> <K>S</K> save
        </span>
      )}
    </>
  );
}
