"use client";

import { Radio, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { Loading } from "../kit/states";
import { detailOf } from "../runs/problem";
import { Described, FormDialog } from "../tenancy/dialog";
import { formatOf, nameIn, parseText, withKey } from "./document/text";
import s from "./policies.module.css";
import { putPolicy, type Saved, type Starter, startersQuery } from "./queries";
import { policyHref } from "./words";

const PASTED = "pasted";

/** From one that ships, or from a document as it stands. It is kept as a draft, so that it is looked at first. */
export function NewPolicy({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const { slug } = usePlace().environment;
  const router = useRouter();
  const starters = useQuery(startersQuery(slug));
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [name, setName] = useState<string | null>(null);
  const from = chosen ?? starters.data?.items[0]?.id ?? PASTED;
  const starter = starters.data?.items.find((each) => each.id === from);
  const source = starter?.source ?? text;
  const format = formatOf(source);
  const parsed = parseText(source, format);
  const proposed = freeName(nameIn(source) ?? "", taken);
  const id = (name ?? proposed).trim();
  const problem = taken.includes(id) ? `There is a policy ${id} already: open it and change it there.` : undefined;
  const act = useAct<null, Saved>({
    topics: ["policies"],
    run: () => {
      const drafted = withKey(withKey(source, format, "policy_id", id), format, "state", "draft");
      return putPolicy(slug, { policyId: id, text: drafted, format }, { note: noteOf(starter), base: 0 });
    },
    said: (answer) => `${answer.policy_id} is kept as a draft`,
    done: (answer) => router.push(policyHref(slug, answer.policy_id)),
  });
  const errors = act.error instanceof ApiProblem ? act.error.errors : [];
  return (
    <FormDialog
      opened
      size={680}
      onClose={onClose}
      title="New policy"
      submit="Keep as a draft and open"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate(null);
      }}
      busy={act.isPending}
      disabled={id === "" || problem !== undefined || !parsed.ok}
      error={errors.length > 0 ? <Errors errors={errors} /> : detailOf(act.error)}
    >
      {starters.isPending ? (
        <Loading what="the policies that ship" shape="rows" rows={3} />
      ) : (
        <Radio.Group label="Start from" value={from} onChange={setChosen}>
          <div className={s.choices}>
            {starters.data?.items.map((each) => (
              <Radio key={each.id} value={each.id} label={<Described name={each.name} what={each.description} />} />
            ))}
            <Radio
              value={PASTED}
              label={<Described name="A document of your own" what="JSON or YAML, as it stands" />}
            />
          </div>
        </Radio.Group>
      )}
      <Textarea
        className={s.mono}
        label={starter ? "It says" : "The document"}
        description={starter ? "You change it in the editor." : undefined}
        readOnly={starter !== undefined}
        autosize
        minRows={6}
        maxRows={12}
        spellCheck={false}
        value={source}
        onChange={(event) => setText(event.currentTarget.value)}
        error={!starter && text !== "" && !parsed.ok ? parsed.message : undefined}
      />
      <TextInput
        label="Name"
        description="It stands in addresses and in each decision: support-triage."
        value={name ?? proposed}
        maxLength={200}
        required
        withAsterisk={false}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
        error={problem}
        data-autofocus
      />
    </FormDialog>
  );
}

/** "default-2" where there is a default already. */
function freeName(name: string, taken: readonly string[]): string {
  if (name === "" || !taken.includes(name)) return name;
  const free = (n: number): string => (taken.includes(`${name}-${n}`) ? free(n + 1) : `${name}-${n}`);
  return free(2);
}

const noteOf = (starter: Starter | undefined): string => (starter ? `From ${starter.name}` : "First");

const Errors = ({ errors }: { errors: { path: string; message: string }[] }) => (
  <ul className={s.errors}>
    {errors.map((each) => (
      <li key={each.path + each.message}>
        {each.path && <b>{each.path}</b>} {each.message}
      </li>
    ))}
  </ul>
);
