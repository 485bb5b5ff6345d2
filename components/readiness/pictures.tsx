"use client";

import { Button } from "@mantine/core";
import { IconAlertCircle, IconCamera } from "@tabler/icons-react";
import { useState } from "react";
import type { ScreenshotShape, TargetShape } from "@/lib/readiness/schema";
import { usePlace } from "../frame/place";
import { CopyId } from "../kit/copy";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Person } from "../kit/person";
import { St } from "../kit/status";
import { ExactTime } from "../kit/time";
import { TargetMark } from "./marks";
import { pictureOf } from "./queries";
import s from "./targets.module.css";
import { Upload } from "./upload";
import { addressWords, dayWords, differences, NEEDS_OWNER } from "./words";

function Picture({ of, shot, all }: { of: TargetShape; shot: ScreenshotShape; all: readonly TargetShape[] }) {
  const { slug } = usePlace().environment;
  const src = pictureOf(slug, of.slug, shot.sha256);
  const other = differences(shot.listed, all);
  return (
    <li className={s.shot}>
      <a href={src} target="_blank" rel="noreferrer">
        {/** biome-ignore lint/performance/noImgElement: bytes behind a session, that no image service may fetch */}
        <img
          className={s.picture}
          src={src}
          alt={`Target list beside ${of.name}, taken by ${shot.by} on ${dayWords(shot.at)}`}
          loading="lazy"
        />
      </a>
      <div className={s.taken}>
        <Person name={shot.by} />
        <p>
          <ExactTime at={shot.at} />, beside {of.name}.
        </p>
        {shot.too_old && (
          <St tone="bad" icon={<IconAlertCircle size={13} aria-hidden />}>
            older than 90 days
          </St>
        )}
        <p>
          {other === 0
            ? "Our list says the same now as then."
            : `Our list differs from then in ${counted(other, "row")}.`}
        </p>
        <CopyId id={shot.sha256} name="SHA-256" />
      </div>
    </li>
  );
}

/** What a person saw, beside the product's own dated list: only both together say that the right thing is watched. */
export function Pictures({
  items,
  all,
  listedAt,
}: {
  items: TargetShape[];
  all: TargetShape[];
  listedAt: string | null;
}) {
  const { may } = usePlace();
  const [adding, setAdding] = useState(false);
  const allowed = may["readiness.write"] === true;
  const shots = items.flatMap((of) => (of.screenshot ? [{ of, shot: of.screenshot }] : []));
  return (
    <Panel
      title="The target list, seen by a person"
      right={
        items.length > 0 && (
          <Button
            size="xs"
            leftSection={<IconCamera size={13} aria-hidden />}
            disabled={!allowed}
            title={allowed ? undefined : NEEDS_OWNER}
            onClick={() => setAdding(true)}
          >
            Add one…
          </Button>
        )
      }
    >
      {shots.length > 0 ? (
        <ul className={s.shots}>
          {shots.map(({ of, shot }) => (
            <Picture key={of.slug} of={of} shot={shot} all={all} />
          ))}
        </ul>
      ) : (
        <p className={s.clear}>
          {items.length > 0
            ? "Nobody has put a picture beside these targets. Open the list of what is watched where it is configured, take a picture, and add it here: it is kept with its date, its hash and your name."
            : "A picture belongs to a target, and no target is here yet."}
        </p>
      )}
      {all.length > 0 && (
        <div className={s.own}>
          <h3 className={s.label}>
            Our own list
            {listedAt && (
              <>
                , <ExactTime at={listedAt} />
              </>
            )}
          </h3>
          <ul className={s.list}>
            {all.map((t) => (
              <li key={t.slug} className={s.row}>
                <span className={s.name}>
                  {t.name}
                  <small className={s.address}>{addressWords(t.url)}</small>
                </span>
                <TargetMark state={t.state} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {adding && <Upload items={items} onClose={() => setAdding(false)} />}
    </Panel>
  );
}
