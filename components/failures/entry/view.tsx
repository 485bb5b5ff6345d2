"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { CategoryShape } from "@/lib/detectors/schema";
import type { FailureDetail } from "@/lib/failures/schema";
import { usePlace } from "../../frame/place";
import { ConfirmReason } from "../../kit/confirm";
import { Column, Page, Split } from "../../kit/layout";
import { PageHead } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { Tag } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { detailOf, Problem, wordsOf } from "../../runs/problem";
import { Measured } from "../measured";
import { FState } from "../parts";
import { catalogueQuery, failureQuery } from "../queries";
import { entryParams } from "../search-params";
import { bodyOf, useSave } from "../use-save";
import { GROUP_WORDS, NEEDS_OWNER, TRIAGE_WORDS } from "../words";
import { Actuals } from "./actuals";
import { EntryAlerts } from "./alerts";
import { Backtest } from "./backtest";
import { DeleteEntry } from "./delete";
import { OwnerDialog, TriageDialog } from "./dialogs";
import { EditEntry } from "./edit-entry";
import s from "./entry.module.css";
import { type Editing, EntryFacts } from "./facts";
import { History } from "./history";
import { NEW_RULE, RulePanel } from "./rule-panel";
import { RunbookPanel } from "./runbook";
import { RunbookDialog } from "./runbook-dialog";
import { useRuleDraft } from "./use-rule-draft";

export function EntryView({ slug: name }: { slug: string }) {
  const { slug } = usePlace().environment;
  const read = useQuery(failureQuery(slug, name));
  const shipped = useQuery(catalogueQuery(slug));
  if (read.data)
    return <Shown of={read.data} category={shipped.data?.items.find((c) => c.slug === read.data.category)} />;
  return (
    <Page>
      <PageHead
        title={name}
        trail={
          <TextLink plain href={`/${slug}/failures`}>
            Failures
          </TextLink>
        }
      />
      {read.isError ? (
        <Problem
          title="The entry could not be read"
          error={read.error}
          path={`GET /api/v1/failures/${name}`}
          onRetry={() => void read.refetch()}
        />
      ) : (
        <Loading what={name} shape="panel" />
      )}
    </Page>
  );
}

function Shown({ of, category }: { of: FailureDetail; category: CategoryShape | undefined }) {
  const { environment, may } = usePlace();
  const allowed = may["failures.write"] === true;
  const [params, setParams] = useQueryStates(entryParams, { history: "replace" });
  const chosen = params.rule === NEW_RULE ? NEW_RULE : (params.rule ?? of.rules[0]?.slug ?? NEW_RULE);
  const saved = of.rules.find((r) => r.slug === chosen) ?? null;
  const rule = useRuleDraft(of, saved, category?.severity ?? "warning");
  const [editing, setEditing] = useState<Editing | null>(null);
  const [disarming, setDisarming] = useState(false);
  const [broken, setBroken] = useState(false);
  const save = useSave((made) => {
    setDisarming(false);
    rule.forget();
    if (chosen === NEW_RULE)
      void setParams({ rule: made.rules.find((r) => !of.rules.some((o) => o.slug === r.slug))?.slug ?? null });
  });
  const send = (patch: { mode?: "off"; note?: string }) =>
    save.mutate({
      slug: of.slug,
      revision: of.revision,
      body: {
        ...bodyOf(of),
        rule: { ...rule.body, ...(patch.mode ? { mode: patch.mode } : {}) },
        note: patch.note ?? null,
      },
      said: patch.mode ? `The rule of ${of.name} is disarmed` : `The rule of ${of.name} is saved`,
    });
  const close = () => setEditing(null);
  const unsaved = saved === null || rule.dirty;
  return (
    <Page>
      <PageHead
        trail={
          <>
            <TextLink plain href={`/${environment.slug}/failures`}>
              Failures
            </TextLink>
            {category && ` / ${GROUP_WORDS[category.group]}`}
          </>
        }
        title={
          <>
            {of.name}
            <span className={s.marks}>
              <FState state={of.state} />
              <Tag mono>{of.category}</Tag>
              <Tag>{TRIAGE_WORDS[of.triage.when]}</Tag>
            </span>
          </>
        }
      >
        <Button disabled={!allowed} title={allowed ? undefined : NEEDS_OWNER} onClick={() => setEditing("delete")}>
          Delete…
        </Button>
        {saved && saved.mode !== "off" && (
          <Button disabled={!allowed} title={allowed ? undefined : NEEDS_OWNER} onClick={() => setDisarming(true)}>
            Disarm…
          </Button>
        )}
        <Button
          variant="filled"
          loading={save.isPending}
          disabled={!allowed || !unsaved || broken || rule.draft.threshold === ""}
          title={allowed ? whyNot(unsaved, broken, rule.draft.threshold) : NEEDS_OWNER}
          onClick={() => send({})}
        >
          Save as revision {of.revision + 1}
        </Button>
      </PageHead>
      <Split>
        <Column>
          <RulePanel
            rules={of.rules}
            chosen={chosen}
            onChoose={(next) => void setParams({ rule: next })}
            saved={saved}
            draft={rule.draft}
            set={rule.set}
            locked={!allowed}
            onBroken={setBroken}
            error={save.isError && !disarming ? wordsOf(save.error) : undefined}
          />
          <Backtest
            slug={saved?.slug ?? of.slug}
            draft={rule.draft}
            set={(threshold) => rule.set({ ...rule.draft, threshold })}
          />
          {category && <Measured of={category} />}
          <Actuals of={of} />
          <EntryAlerts of={of} />
        </Column>
        <Column>
          <EntryFacts {...{ of, category, allowed }} onEdit={setEditing} />
          <RunbookPanel of={of} allowed={allowed} onEdit={() => setEditing("runbook")} />
          <History slug={of.slug} />
        </Column>
      </Split>
      {editing === "entry" && <EditEntry of={of} onClose={close} />}
      {editing === "owner" && <OwnerDialog of={of} onClose={close} />}
      {editing === "triage" && <TriageDialog of={of} onClose={close} />}
      {editing === "runbook" && <RunbookDialog of={of} onClose={close} />}
      {editing === "delete" && <DeleteEntry of={of} onClose={close} />}
      <ConfirmReason
        opened={disarming}
        onClose={() => setDisarming(false)}
        title={`Disarm ${saved?.name ?? "the rule"}`}
        confirmLabel="Disarm the rule"
        tone="warn"
        reasonHint="Required. It stands in the history of the entry."
        busy={save.isPending}
        error={detailOf(save.error)}
        onConfirm={(reason) => send({ mode: "off", note: reason })}
      >
        From then on it raises no alert and does nothing. {rule.dirty && "What you have changed of it is saved too."}
      </ConfirmReason>
    </Page>
  );
}

function whyNot(unsaved: boolean, broken: boolean, threshold: number | ""): string | undefined {
  if (broken) return "The text is no rule yet";
  if (threshold === "") return "How much is too much?";
  return unsaved ? undefined : "Nothing of the rule has changed";
}
