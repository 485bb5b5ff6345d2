"use client";

import { useMemo } from "react";
import type { PolicyShape } from "@/lib/policies/schema";
import { Checks } from "../../kit/checks";
import { KeyValue, Panel } from "../../kit/panel";
import { Dim } from "../../kit/text";
import { Binds } from "../binds";
import { dryRunWords } from "../dry-run";
import s from "../policies.module.css";
import { lineOf } from "./position";
import type { Problem } from "./said";
import { bodyOf } from "./text";
import type { CheckedText } from "./use-checked";

/** Each problem with the way to its line. */
export function ProblemsPanel(props: { text: string; problems: Problem[]; onGo: (problem: Problem) => void }) {
  const { text, problems, onGo } = props;
  if (problems.length === 0) return null;
  return (
    <Panel title="Problems" sub={String(problems.length)} label="Problems">
      <Checks
        live
        items={problems.map((problem) => ({
          id: `${problem.from}-${problem.title}-${problem.message}`,
          state: problem.severity === "error" ? "no" : "warn",
          what: problem.title,
          why: problem.message,
          right: (
            <button type="button" className={s.link} onClick={() => onGo(problem)}>
              line {lineOf(text, problem.from)}
            </button>
          ),
        }))}
      />
    </Panel>
  );
}

export function BoundPanel({ checked }: { checked: CheckedText }) {
  const bindings = useMemo(() => bindingsOf(checked), [checked]);
  return (
    <Panel title="Bound to" padded>
      <KeyValue
        items={[
          {
            term: "Callers",
            value: checked.parsed.ok ? <Binds bindings={bindings} /> : <Dim>not known: the text cannot be read</Dim>,
          },
          { term: "When", value: "The next decision of each of their runs uses what is in force." },
        ]}
      />
    </Panel>
  );
}

function bindingsOf({ parsed }: CheckedText): PolicyShape["bindings"] {
  const said = parsed.ok ? bodyOf(parsed.value).bindings : null;
  return Array.isArray(said) ? said.filter((each) => typeof each === "object" && each !== null) : [];
}

export function ReadyPanel({ checked }: { checked: CheckedText }) {
  const { errors, checking } = checked;
  const run = checked.checked?.valid ? checked.checked.dry_run : null;
  const bound = bindingsOf(checked).length > 0;
  return (
    <Panel title="Before it can be enforced">
      <Checks
        items={[
          {
            id: "errors",
            state: errors > 0 ? "no" : "ok",
            what: "No error in the document",
            why: errors > 0 ? "nothing is saved while one stands" : undefined,
          },
          {
            id: "run",
            state: run ? "ok" : "open",
            what: "Dry run over 30 days",
            why: run ? dryRunWords(run) : checking ? "judging …" : "not run for this text",
          },
          {
            id: "bound",
            state: !checked.parsed.ok ? "open" : bound ? "ok" : "warn",
            what: "Bound to somebody",
            why: bound || !checked.parsed.ok ? undefined : "it may be enforced without, and decides nothing",
          },
        ]}
      />
    </Panel>
  );
}
