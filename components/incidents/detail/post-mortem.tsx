"use client";

import { Button } from "@mantine/core";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { Panel } from "../../kit/panel";
import { Tag } from "../../kit/status";
import { PARTS } from "../words";
import s from "./detail.module.css";
import type { OnDo } from "./doing";

export function PostMortemPanel({ of, onDo }: { of: IncidentDetail; onDo: OnDo }) {
  const filled = PARTS.filter(([part]) => of.post_mortem[part].trim() !== "").length;
  return (
    <Panel
      title="Post-mortem"
      sub={filled === PARTS.length ? undefined : `${filled} of ${PARTS.length} parts`}
      right={
        onDo && (
          <Button
            size="xs"
            aria-label={`${filled === 0 ? "Write it" : "Edit"}: the post-mortem`}
            onClick={() => onDo({ what: "post_mortem" })}
          >
            {filled === 0 ? "Write it…" : "Edit…"}
          </Button>
        )
      }
    >
      <div className={s.parts}>
        {PARTS.map(([part, name]) => {
          const text = of.post_mortem[part].trim();
          return (
            <div key={part}>
              <h3 data-empty={text === "" || undefined}>
                {name} {text === "" && <Tag tone="warn">empty</Tag>}
              </h3>
              {text !== "" && <p>{text}</p>}
            </div>
          );
        })}
      </div>
    </Panel>
  );
}
