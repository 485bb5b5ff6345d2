"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { RunShape, SpanShape } from "@/lib/runs/schema";
import { CodeBlock } from "../../kit/code";
import { CopyButton } from "../../kit/copy";
import { counted, integer } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { download } from "../list/export";
import s from "./detail.module.css";

/** Drawn only so far: the whole is in the copy and in the file. */
const SHOWN = 50;
const text = (value: unknown) => JSON.stringify(value, null, 2);

export function RawTab({ run, spans, more }: { run: RunShape; spans: SpanShape[]; more?: () => void }) {
  const file = `run-${run.run_id.replace(/[^\w.-]+/g, "_")}.json`;
  return (
    <div className={s.raw}>
      <Panel
        title="Run"
        right={
          <Button
            size="xs"
            leftSection={<IconDownload size={13} aria-hidden />}
            onClick={() => download(text({ run, spans }), file, "application/json")}
          >
            Download run and spans
          </Button>
        }
      >
        <CodeBlock flush code={text(run)} language="json" label="Run as JSON" />
      </Panel>
      <Panel
        title="Spans"
        sub={
          spans.length > SHOWN ? `the first ${SHOWN} of ${integer(spans.length)} shown` : counted(spans.length, "span")
        }
        right={
          <>
            {more && (
              <Button size="xs" onClick={more}>
                Load more spans
              </Button>
            )}
            <CopyButton text={text(spans)} label={`Copy all ${integer(spans.length)}`} name="Spans" />
          </>
        }
      >
        <CodeBlock flush copy={false} code={text(spans.slice(0, SHOWN))} language="json" label="Spans as JSON" />
      </Panel>
    </div>
  );
}
