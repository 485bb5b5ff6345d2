"use client";

import { Autocomplete, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { AnswerHead, answerFacts, Would } from "../../decisions/answer";
import s from "../../decisions/decisions.module.css";
import { tryCall } from "../../decisions/queries";
import { usePlace } from "../../frame/place";
import { KeyValue } from "../../kit/panel";
import { wordsOf } from "../../runs/problem";
import { namesQuery } from "../../runs/queries";
import { FormDialog } from "../../tenancy/dialog";
import type { Who } from "../search-params";

const KINDS = ["tool", "model", "memory", "output", "step"];
const EFFECTS = ["read", "write", "irreversible"];

type Props = {
  who: Who;
  /** Judge by this text instead of what is in force. */
  document?: Record<string, unknown>;
  onClose: () => void;
};
type Asked = { kind: string; tool: string; effect: string; capability: string; connector: string; args: string };
const FIRST: Asked = { kind: "tool", tool: "", effect: "", capability: "", connector: "", args: "{}" };

/** The question as an agent would ask it; what was left empty is not said. */
function questionOf(asked: Asked): Record<string, unknown> {
  const model = asked.kind === "model";
  const named = { [model ? "model" : "tool"]: asked.tool };
  const said = {
    kind: asked.kind,
    ...named,
    effect: asked.effect,
    capability: asked.capability,
    connector: asked.connector,
  };
  const filled = Object.entries(said).filter(([, value]) => value !== "");
  return {
    ...Object.fromEntries(filled),
    ...(asked.kind === "tool" ? { args: JSON.parse(asked.args) as unknown } : {}),
  };
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Asks the gate without a run: nothing is recorded, counted or claimed. */
export function TryCall({ opened, ...rest }: Props & { opened: boolean }) {
  return opened ? <Dialog {...rest} /> : null;
}

function Dialog({ who, document, onClose }: Props) {
  const { slug } = usePlace().environment;
  const tools = useQuery(namesQuery(slug, "tool"));
  const [asked, setAsked] = useState(FIRST);
  const [agent, setAgent] = useState(who.agent_id ?? "");
  const ask = useMutation({
    mutationFn: () =>
      tryCall(slug, {
        agent_id: agent.trim(),
        ...(who.task_type === null ? {} : { task_type: who.task_type }),
        ...(who.tenant_id === null ? {} : { tenant_id: who.tenant_id }),
        question: questionOf(asked),
        ...(document ? { document } : {}),
      }),
  });
  const set = (part: keyof Asked) => (value: string | null) => {
    setAsked({ ...asked, [part]: value ?? "" });
    ask.reset();
  };
  const valid = isJson(asked.args);
  const needsName = asked.kind === "tool" || asked.kind === "model";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <FormDialog
      opened
      size={680}
      onClose={onClose}
      title="Try a call"
      submit="Ask"
      closeLabel="Close"
      onSubmit={submit}
      busy={ask.isPending}
      disabled={agent.trim() === "" || (needsName && asked.tool.trim() === "") || !valid}
      error={ask.error ? wordsOf(ask.error) : null}
    >
      <p>
        What the gate would say of {who.task_type ? `a call in ${who.task_type}` : "a call"}
        {who.tenant_id ? ` for ${who.tenant_id}` : ""}
        {document && ", were the text in the editor enforced"}. Nothing is recorded, counted or claimed.
      </p>
      <div className={s.pair}>
        <TextInput
          label="Agent"
          value={agent}
          maxLength={200}
          onChange={(event) => {
            setAgent(event.currentTarget.value);
            ask.reset();
          }}
        />
        <Select label="Kind" data={KINDS} value={asked.kind} allowDeselect={false} onChange={set("kind")} />
        {needsName && (
          <Autocomplete
            label={asked.kind === "model" ? "Model" : "Tool"}
            placeholder={asked.kind === "model" ? "gpt-4o" : "ticket.create"}
            data={asked.kind === "tool" ? (tools.data?.items.map((each) => each.name) ?? []) : []}
            value={asked.tool}
            maxLength={200}
            onChange={set("tool")}
            data-autofocus
          />
        )}
        {asked.kind === "tool" && (
          <>
            <Select
              label="Effect"
              placeholder="as the catalogue says"
              clearable
              data={EFFECTS}
              value={asked.effect || null}
              onChange={set("effect")}
            />
            <TextInput
              label="Capability"
              placeholder="write:tickets"
              value={asked.capability}
              onChange={(event) => set("capability")(event.currentTarget.value)}
            />
            <TextInput
              label="Connector"
              placeholder="jira"
              value={asked.connector}
              onChange={(event) => set("connector")(event.currentTarget.value)}
            />
          </>
        )}
      </div>
      {asked.kind === "tool" && (
        <Textarea
          className={s.mono}
          label="Arguments, as JSON"
          autosize
          minRows={3}
          maxRows={10}
          spellCheck={false}
          value={asked.args}
          onChange={(event) => set("args")(event.currentTarget.value)}
          error={valid ? undefined : "Not JSON yet."}
        />
      )}
      <div role="status">
        {ask.data && (
          <div className={s.now}>
            <AnswerHead answer={ask.data} />
            <Would answer={ask.data} />
            <KeyValue padded items={answerFacts(ask.data, false)} />
          </div>
        )}
      </div>
    </FormDialog>
  );
}
