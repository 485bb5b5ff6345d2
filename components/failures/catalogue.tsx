"use client";

import { Button } from "@mantine/core";
import type { CategoryShape } from "@/lib/detectors/schema";
import type { FailureDetail, FailureShape } from "@/lib/failures/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Severity } from "../kit/status";
import { Dim, Mono, TextLink } from "../kit/text";
import { wordsOf } from "../runs/problem";
import s from "./failures.module.css";
import { GROUP_WORDS, type Group, NEEDS_OWNER } from "./words";

type Adopted = FailureDetail & { linked_rules: string[]; audit_row: number };
/** One click: the entry stands as expected, its default rules are its own. */
const useAdopt = () =>
  useAct({
    topics: ["failures"],
    run: (call, category: string) => call.post<Adopted>("/failures/adopt", { category }),
    said: ({ name, linked_rules: { length: rules } }) => ({
      tone: "good",
      title: `${name} is adopted`,
      message: rules > 0 ? `${counted(rules, "rule")} came with it. ` : "No rule came with it. ",
    }),
  });

/** Everything that has a name, by group; what is adopted leads to its entry. */
export function Catalogue({ items, entries }: { items: CategoryShape[]; entries: FailureShape[] }) {
  const adopt = useAdopt();
  return (
    <div className={s.catalogue}>
      {(Object.keys(GROUP_WORDS) as Group[]).map((group) => {
        const found = items.filter((c) => c.group === group);
        const adopted = found.filter((c) => entries.some((f) => f.category === c.slug)).length;
        return (
          <Panel key={group} title={GROUP_WORDS[group]} sub={`${adopted} of ${found.length} adopted`}>
            <ul className={s.list}>
              {found.map((c) => (
                <Category
                  key={c.slug}
                  of={c}
                  entries={entries.filter((f) => f.category === c.slug)}
                  busy={adopt.isPending && adopt.variables === c.slug}
                  onAdopt={() =>
                    adopt.mutate(c.slug, {
                      onError: (error) => notify({ tone: "bad", title: "It was not adopted", message: wordsOf(error) }),
                    })
                  }
                />
              ))}
            </ul>
          </Panel>
        );
      })}
    </div>
  );
}

function Category(props: { of: CategoryShape; entries: FailureShape[]; busy: boolean; onAdopt: () => void }) {
  const { of, entries, busy, onAdopt } = props;
  const { environment, may } = usePlace();
  const allowed = may["failures.write"] === true;
  return (
    <li className={s.category} id={of.slug}>
      <div>
        <h3>{of.name}</h3>
        <div className={s.marks}>
          <Severity level={of.severity} />
          <Mono>{of.slug}</Mono>
        </div>
      </div>
      <div>
        <p>{of.symptom}</p>
        <div className={s.marks}>
          <span>
            {of.rules.length > 0
              ? `${counted(of.rules.length, "rule ships", "rules ship")}, to observe`
              : "no rule ships"}
          </span>
          {of.stop_reasons.length > 0 && (
            <span>
              ends with <Mono>{of.stop_reasons.join(", ")}</Mono>
            </span>
          )}
        </div>
        {of.cannot_tell && (
          <details className={s.unseen}>
            <summary>What no rule sees</summary>
            <Dim>{of.cannot_tell}</Dim>
          </details>
        )}
      </div>
      <div className={s.acts}>
        {entries.map((f) => (
          <TextLink key={f.slug} href={`/${environment.slug}/failures/${encodeURIComponent(f.slug)}`}>
            {f.name === of.name ? "Open the entry" : f.name}
          </TextLink>
        ))}
        {entries.length === 0 && (
          <Button
            size="xs"
            loading={busy}
            disabled={!allowed}
            title={allowed ? undefined : NEEDS_OWNER}
            aria-label={`Adopt ${of.name}`}
            onClick={onAdopt}
          >
            Adopt
          </Button>
        )}
      </div>
    </li>
  );
}
