"use client";

import { IconShieldHalf } from "@tabler/icons-react";
import type { StateShape, SwitchShape } from "@/lib/controls/schema";
import { nameOf } from "../../controls/words";
import { usePlace } from "../../frame/place";
import { Note } from "../../kit/note";
import { TextLink } from "../../kit/text";
import type { Who } from "../search-params";

const covers = ({ scope }: SwitchShape, who: Who): boolean => {
  switch (scope.kind) {
    case "environment":
      return true;
    case "agent":
      return scope.key === who.agent_id;
    case "task_type":
      return scope.key === who.task_type;
    case "tenant":
      return scope.key === who.tenant_id;
    case "tool":
    case "connector":
      return true;
    case "run":
      return false;
  }
};

const NARROWS: Record<SwitchShape["mode"], string> = {
  run: "",
  safe_mode: "only safe-mode tools are left and each call gets one attempt. No approval lifts it.",
  pause: "every call waits.",
  stop: "every call is refused.",
};

/** What no policy lifts: the switches that cover this caller. */
export function Switches({ who, state }: { who: Who; state: StateShape | undefined }) {
  const { environment } = usePlace();
  const on = (state?.switches ?? []).filter((each) => covers(each, who));
  return on.slice(0, 3).map((each) => (
    <Note
      key={each.switch_id}
      tone="warn"
      icon={<IconShieldHalf size={17} aria-hidden />}
      right={<TextLink href={`/${environment.slug}/controls/${each.switch_id}`}>The switch</TextLink>}
    >
      <b>A switch narrows this now.</b> {each.mode.replace("_", " ").toUpperCase()} on{" "}
      {nameOf(each.scope, environment.name)}:{" "}
      {each.scope.kind === "tool" || each.scope.kind === "connector" ? "calls of it are refused." : NARROWS[each.mode]}
    </Note>
  ));
}
