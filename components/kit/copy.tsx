"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "./announce";
import { copyText } from "./clipboard";
import s from "./copy.module.css";
import { shorten } from "./numbers";

type CopyState = "idle" | "copied" | "refused";

/** Copies and says so; back to idle after two seconds. */
export function useCopy(text: string, name = "Text"): [CopyState, () => void] {
  const [state, setState] = useState<CopyState>("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = () => {
    void copyText(text).then((done) => {
      setState(done ? "copied" : "refused");
      announce(done ? `${name} copied` : `${name} could not be copied`);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setState("idle"), 2000);
    });
  };
  return [state, copy];
}

const ICONS = { idle: IconCopy, copied: IconCheck, refused: IconAlertTriangle } as const;

/** An id, shortened in the middle, that copies itself whole. `name` is what it is: "Run id". */
export function CopyId({
  id,
  name = "Id",
  full,
  head,
  tail,
}: {
  id: string;
  name?: string;
  full?: boolean;
  head?: number;
  tail?: number;
}) {
  const [state, copy] = useCopy(id, name);
  const Icon = ICONS[state];
  return (
    <button type="button" className={s.id} data-state={state} title={id} onClick={copy}>
      <span className="il-sr">Copy {name} </span>
      <span>{full ? id : shorten(id, head, tail)}</span>
      <Icon size={13} aria-hidden />
    </button>
  );
}

/** A button that copies and says "Copied". */
export function CopyButton({
  text,
  label = "Copy",
  name,
  size = "xs",
  primary,
}: {
  text: string;
  label?: string;
  name?: string;
  size?: "xs" | "sm" | "lg";
  primary?: boolean;
}) {
  const [state, copy] = useCopy(text, name ?? "Text");
  const Icon = ICONS[state];
  return (
    <Button
      size={size}
      variant={primary ? "filled" : "default"}
      leftSection={<Icon size={size === "xs" ? 13 : 15} aria-hidden />}
      onClick={copy}
    >
      {state === "copied" ? "Copied" : state === "refused" ? "Not copied" : label}
    </Button>
  );
}
