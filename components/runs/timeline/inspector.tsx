"use client";

import { Button } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { RunShape, SpanShape } from "@/lib/runs/schema";
import { usePlace } from "../../frame/place";
import { CodeBlock } from "../../kit/code";
import { CopyId } from "../../kit/copy";
import { compact, duration, integer, money, shorten } from "../../kit/numbers";
import { KeyValue } from "../../kit/panel";
import { Meta, Mono, TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { wordsOf } from "../problem";
import { spanQuery } from "../queries";
import s from "./inspector.module.css";
import { callsOf, iconOf, isContract, titleOf, turnWords } from "./look";
import { costOf, type Node, spansIn, startOf } from "./model";
import { Repeats } from "./repeats";

type Props = { run: RunShape; node: Node; origin: number };

export function Inspector({ run, node, origin }: Props) {
  if (node.span) return <SpanCard run={run} span={node.span} node={node} origin={origin} />;
  const spans = spansIn(node);
  const cost = costOf(spans);
  const part = run.cost_usd > 0 && cost > 0 ? `, ${Math.round((cost / run.cost_usd) * 100)} % of the run’s cost` : "";
  const repeat = node.kind === "repeat";
  const took = duration((node.end - node.start) / 1000, "prose");
  const tools = spans.filter((span) => span.kind === "tool");
  return (
    <div className={s.insp}>
      <header>
        <h2>
          {repeat && <IconRepeat size={16} className={s.hot} aria-hidden />}
          {repeat ? (
            <span>
              <Mono>{callsOf(node)}</Mono> ×{node.children.length}, same arguments
            </span>
          ) : (
            turnWords(node)
          )}
        </h2>
        <Meta>
          {repeat && node.turns ? `${turnWords(node)}, ` : ""}
          {took}
          {cost > 0 ? `, ${money(cost, { run: true })}` : ""}
          {part}
        </Meta>
      </header>
      {repeat && tools[0] && (
        <>
          <Content title="Arguments" text={tools[0].args_preview} hash={tools[0].args_hash} />
          <Content title="Result" text={tools[0].result_preview} hash={tools[0].result_hash}>
            <Sameness tools={tools} />
          </Content>
          <Repeats node={node} />
        </>
      )}
      {!repeat && (
        <section>
          <h3>In it</h3>
          <ul className={s.inside}>
            {spans.map((span) => {
              const Icon = iconOf(span);
              return (
                <li key={span.span_id}>
                  <Icon size={14} stroke={1.8} aria-hidden />
                  {isContract(span) ? <Mono>{titleOf(span)}</Mono> : <span>{titleOf(span)}</span>}
                  <span data-bad={span.status === "error" || undefined}>
                    {span.status === "error" ? "error" : duration((span.duration_ms ?? 0) / 1000)}
                  </span>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Whether the same question was answered with the same bytes. */
function Sameness({ tools }: { tools: SpanShape[] }) {
  const hashes = new Set(tools.map((tool) => tool.result_hash));
  if (hashes.has(null))
    return <p className={s.note}>Not every result has a hash: whether they were the same is not known.</p>;
  return (
    <p className={s.note}>
      {hashes.size === 1
        ? `The same bytes ${tools.length} times: nothing new was learnt.`
        : `${hashes.size} different results in ${tools.length} calls.`}
    </p>
  );
}

function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}

export function Content(props: { title: string; text: string | null; hash: string | null; children?: ReactNode }) {
  const { title, text, hash, children } = props;
  if (text === null && hash === null) return null;
  return (
    <section>
      <h3>
        {title}
        {hash && (
          <span className={s.hash}>
            sha256 <CopyId id={hash} name={`hash of ${title.toLowerCase()}`} head={4} tail={4} />
          </span>
        )}
      </h3>
      {text === null ? (
        <Meta>Only its hash was kept.</Meta>
      ) : (
        <CodeBlock code={pretty(text)} language="json" label={title} copy={false} wrap />
      )}
      {children}
    </section>
  );
}

const COST: Record<NonNullable<SpanShape["cost_source"]>, string> = {
  provider: "said by the sender",
  table: "from the price table",
  unpriced: "no known price",
};

function factsOf(span: SpanShape, origin: number) {
  const facts: { term: string; value: ReactNode }[] = [];
  const add = (term: string, value: ReactNode) => {
    if (value !== null && value !== undefined && value !== "") facts.push({ term, value });
  };
  add(
    "Started",
    <>
      <ExactTime at={span.started_at} />, {duration((startOf(span) - origin) / 1000)} into the run
    </>,
  );
  add("Took", span.duration_ms === null ? "no end was told" : duration(span.duration_ms / 1000));
  add("Model", span.model && [span.model, span.provider].filter(Boolean).join(", "));
  if (span.tokens) {
    const { input, output, cached } = span.tokens;
    add(
      "Tokens",
      `${integer(input)} in, ${integer(output)} out${cached > 0 ? `, ${integer(cached)} of them cached` : ""}`,
    );
  }
  if (span.cost_source)
    add(
      "Cost",
      `${span.cost_usd === null || span.cost_source === "unpriced" ? "–" : money(span.cost_usd, { run: true })}, ${COST[span.cost_source]}`,
    );
  add("Stopped for", span.finish_reasons.join(", "));
  add("Tool", span.kind === "tool" && span.tool !== span.name ? span.tool : null);
  add("To", span.to);
  add("HTTP", span.http_status);
  add("Endpoint", span.endpoint);
  add("Agent", span.agent_id);
  add(
    "Decision",
    span.decision_id && (
      <TextLink mono href={`?tab=decisions&decision=${encodeURIComponent(span.decision_id)}`}>
        {shorten(span.decision_id)}
      </TextLink>
    ),
  );
  add("Call id", span.tool_call_id && <CopyId id={span.tool_call_id} name="Tool call id" />);
  add("Told as", [span.convention, span.scope_name].filter(Boolean).join(", "));
  add("Span", <CopyId id={span.span_id} name="Span id" head={14} tail={6} />);
  add("Trace", span.trace_id && <CopyId id={span.trace_id} name="Trace id" />);
  if (span.dropped_attributes > 0) add("Dropped", `${span.dropped_attributes} attributes by the sender’s limits`);
  return facts;
}

function SpanCard({ run, span, node, origin }: { run: RunShape; span: SpanShape; node: Node; origin: number }) {
  const Icon = iconOf(span);
  const inside = spansIn(node).length - 1;
  return (
    <div className={s.insp}>
      <header>
        <h2>
          <Icon size={16} aria-hidden />
          {isContract(span) ? <Mono>{titleOf(span)}</Mono> : <span>{titleOf(span)}</span>}
        </h2>
        <Meta>
          {span.kind}
          {node.turns ? `, ${turnWords(node).toLowerCase()}` : ""}
          {inside > 0 ? `, ${compact(inside)} spans inside` : ""}
        </Meta>
      </header>
      {span.status === "error" && (
        <section className={s.error}>
          <h3>{span.error?.type ?? "Error"}</h3>
          <p>{span.error?.message ?? "The span says that it failed, and not why."}</p>
        </section>
      )}
      <Content title="Arguments" text={span.args_preview} hash={span.args_hash} />
      <Content title="Result" text={span.result_preview} hash={span.result_hash} />
      <section>
        <h3>Facts</h3>
        <KeyValue items={factsOf(span, origin)} />
      </section>
      <Attributes runId={run.run_id} spanId={span.span_id} />
    </div>
  );
}

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function Attributes({ runId, spanId }: { runId: string; spanId: string }) {
  const { slug } = usePlace().environment;
  const [wanted, setWanted] = useState(true);
  const detail = useQuery({ ...spanQuery(slug, runId, spanId), enabled: wanted });
  const attributes = Object.entries(detail.data?.attributes ?? {});
  const events = detail.data?.events ?? [];
  return (
    <section>
      <h3>
        Attributes
        {detail.data && <Meta>{integer(attributes.length)} as sent, redacted</Meta>}
      </h3>
      {detail.isPending && <Meta>Reading…</Meta>}
      {detail.isError && (
        <p className={s.note}>
          {wordsOf(detail.error)}{" "}
          <Button size="xs" onClick={() => (wanted ? void detail.refetch() : setWanted(true))}>
            Try again
          </Button>
        </p>
      )}
      {detail.data && attributes.length === 0 && <Meta>None were sent.</Meta>}
      {attributes.length > 0 && (
        <dl className={s.attributes}>
          {attributes.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{shown(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {events.length > 0 && (
        <CodeBlock
          code={JSON.stringify(events, null, 2)}
          language="json"
          label={`Events, ${events.length}`}
          copy={false}
        />
      )}
    </section>
  );
}
