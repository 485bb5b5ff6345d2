"use client";

import type { CaseShape } from "@/lib/approvals/schema";
import { CopyId } from "../../kit/copy";
import { Panel } from "../../kit/panel";
import { Mono } from "../../kit/text";
import s from "./case.module.css";
import { type Line, prettyLines } from "./pretty";

/** The bytes that a person answers for: whole, in order, with their hash; what was redacted is marked, not hidden. */
export function ExactArguments({ of }: { of: CaseShape }) {
  const lines = of.args === null ? null : prettyLines(of.args);
  const redacted = lines?.some((line) => line.redacted) ?? false;
  const facts = Object.entries(of.facts);
  return (
    <Panel
      title="Exact arguments"
      sub="canonical, what will run"
      right={
        <span className={s.hash}>
          sha256 <CopyId id={of.args_hash} name="SHA-256 of the arguments" head={4} tail={4} />
        </span>
      }
      foot={
        <>
          {redacted ? (
            <span>
              <mark className={s.mark}>marked</mark> a secret, redacted before it was stored; the hash is of the whole
            </span>
          ) : (
            <span>Another byte is another case.</span>
          )}
          <span className={s.once}>for these bytes, once, in this run</span>
        </>
      }
    >
      {lines === null ? (
        <p className={s.absent}>
          They were too large to keep. Their hash above is what the approval is bound to; the run's spans may show them.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={s.args} aria-label="Exact arguments" tabIndex={0}>
          <pre>
            {lines.map((line) => (
              <ArgLine key={line.n} line={line} />
            ))}
          </pre>
        </section>
      )}
      {facts.length > 0 && (
        <dl className={s.said} aria-label="Facts that the agent gave">
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>
                <Mono>{typeof value === "string" ? value : JSON.stringify(value)}</Mono>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function ArgLine({ line }: { line: Line }) {
  return (
    <>
      {line.indent}
      {line.key !== null && <span className={s.argKey}>{line.key}: </span>}
      {line.redacted ? <mark className={s.mark}>{line.value}</mark> : line.strong ? <b>{line.value}</b> : line.value}
      {line.end}
      {"\n"}
    </>
  );
}
