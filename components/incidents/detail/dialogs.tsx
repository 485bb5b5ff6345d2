"use client";

import { AboutDialog, CommanderDialog, NoteDialog, RunsDialog } from "./dialogs/about";
import { ActualDialog } from "./dialogs/actual";
import { PolicyChangeDialog, RuleChangeDialog } from "./dialogs/changes";
import { EntryDialog } from "./dialogs/entry";
import { PostMortemDialog } from "./dialogs/post-mortem";
import { RegressionDialog } from "./dialogs/regression";
import { CloseDialog, StatusDialog } from "./dialogs/status";
import { TickDialog } from "./dialogs/tick";
import type { Dialog, Doing } from "./doing";

export function Dialogs(props: Dialog & { doing: Doing; onDo: (doing: Doing) => void }) {
  const { of, onClose, doing, onDo } = props;
  const dialog = { of, onClose };
  switch (doing.what) {
    case "note":
      return <NoteDialog {...dialog} />;
    case "about":
      return <AboutDialog {...dialog} />;
    case "runs":
      return <RunsDialog {...dialog} />;
    case "commander":
      return <CommanderDialog {...dialog} />;
    case "failure":
      return <EntryDialog {...dialog} />;
    case "actual":
      return <ActualDialog {...dialog} />;
    case "post_mortem":
      return <PostMortemDialog {...dialog} />;
    case "policy_change":
      return <PolicyChangeDialog {...dialog} />;
    case "rule_change":
      return <RuleChangeDialog {...dialog} />;
    case "regression_case":
      return <RegressionDialog {...dialog} />;
    case "status":
      return <StatusDialog {...dialog} to={doing.to} />;
    case "close":
      return <CloseDialog {...dialog} />;
    case "tick":
      return (
        <TickDialog
          key={doing.effect.effect_id}
          {...dialog}
          effect={doing.effect}
          onNext={(effect) => onDo({ what: "tick", effect })}
        />
      );
  }
}
