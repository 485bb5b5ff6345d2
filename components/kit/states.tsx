"use client";

import { Button, Skeleton } from "@mantine/core";
import { IconCircleX, IconCopy, IconLock, IconRefresh } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { CodeBlock } from "./code";
import { CopyButton, useCopy } from "./copy";
import type { Language } from "./highlight";
import { KeyValue } from "./panel";
import s from "./states.module.css";
import { vars } from "./vars";

/** Skeletons in the shape of what comes. `what` is said to a screen reader: "Loading runs". */
export function Loading({
  what = "the page",
  shape = "page",
  rows = 8,
}: {
  what?: string;
  shape?: "page" | "panel" | "rows";
  rows?: number;
}) {
  const lines = Array.from({ length: rows }, (_, index) => `row-${index}`);
  return (
    <div className={s.loading} data-shape={shape} role="status">
      <span className="il-sr">Loading {what}</span>
      {shape === "page" && (
        <div className={s.loadingHead}>
          <Skeleton height={24} width={180} radius="sm" />
        </div>
      )}
      {shape === "page" && (
        <div className={s.loadingFigures}>
          {["a", "b", "c", "d"].map((key) => (
            <Skeleton key={key} height={32} radius="sm" />
          ))}
        </div>
      )}
      <div className={s.loadingRows} data-framed={shape !== "rows" || undefined}>
        {lines.map((key, index) => (
          <div key={key} style={vars({ "--w": `${92 - ((index * 17) % 38)}%` })}>
            <Skeleton height={10} radius="sm" />
          </div>
        ))}
      </div>
    </div>
  );
}

/** What this place is for, and the one step that fills it, with the call ready to copy. */
export function Empty(props: {
  icon?: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  code?: string;
  language?: Language;
  codeLabel?: string;
  copyLabel?: string;
  /** Inside a panel: no frame of its own. */
  bare?: boolean;
}) {
  const { icon: Icon, title, children, actions, code, language = "bash", codeLabel = "The call", bare } = props;
  const { copyLabel = "Copy the call" } = props;
  return (
    <section className={s.empty} data-bare={bare || undefined} data-code={code !== undefined || undefined}>
      <div className={s.emptyText}>
        {Icon && <Icon size={24} stroke={1.6} />}
        <h2>{title}</h2>
        {children && <div className={s.words}>{children}</div>}
        {(actions || code !== undefined) && (
          <div className={s.actions}>
            {code !== undefined && <CopyButton text={code} label={copyLabel} name={codeLabel} size="sm" primary />}
            {actions}
          </div>
        )}
      </div>
      {code !== undefined && <CodeBlock code={code} language={language} label={codeLabel} copy={false} />}
    </section>
  );
}

export type ErrorFacts = { status?: number; code?: string; requestId?: string; path?: string };

/** What failed, what is not affected, code and request id, and the way on. Nothing technical beyond that. */
export function ErrorState(
  props: ErrorFacts & {
    title: string;
    children?: ReactNode;
    notAffected?: ReactNode;
    onRetry?: () => void;
    retryNote?: ReactNode;
  },
) {
  const { title, children, notAffected, status, code, requestId, path, onRetry, retryNote } = props;
  const facts = [
    { term: "Status", value: status === undefined ? undefined : String(status) },
    { term: "Code", value: code },
    { term: "Request", value: requestId },
    { term: "Path", value: path },
  ].filter((fact): fact is { term: string; value: string } => fact.value !== undefined);
  const [copied, copy] = useCopy([title, ...facts.map((fact) => `${fact.term}: ${fact.value}`)].join("\n"), "Details");
  return (
    <section className={s.error} role="alert">
      <div>
        <h2>
          <IconCircleX size={18} aria-hidden />
          {title}
        </h2>
        <div className={s.words}>
          {children} {notAffected ?? "Only this page waits: agents, limits and switches are not affected."}
        </div>
        <div className={s.actions}>
          {onRetry && (
            <Button variant="filled" leftSection={<IconRefresh size={15} aria-hidden />} onClick={onRetry}>
              Try again
            </Button>
          )}
          {facts.length > 0 && (
            <Button leftSection={<IconCopy size={15} aria-hidden />} onClick={copy}>
              {copied === "copied" ? "Copied" : "Copy details"}
            </Button>
          )}
          {retryNote && <span className={s.small}>{retryNote}</span>}
        </div>
      </div>
      {facts.length > 0 && (
        <KeyValue
          items={facts.map((fact) => ({
            term: fact.term,
            value: fact.term === "Status" ? fact.value : <code className={s.mono}>{fact.value}</code>,
          }))}
        />
      )}
    </section>
  );
}

/** A page or an act the person has no role for: says which role, and who can give it. */
export function NotAllowed({
  what,
  role,
  environment,
  askWhom,
}: {
  what: string;
  role?: string;
  environment?: string;
  askWhom?: ReactNode;
}) {
  return (
    <section className={s.empty} data-bare={undefined}>
      <div className={s.emptyText}>
        <IconLock size={24} stroke={1.6} aria-hidden />
        <h2>You cannot {what}</h2>
        <div className={s.words}>
          {role ? (
            <>
              It needs the role <code className={s.mono}>{role}</code>
              {environment ? ` in ${environment}` : ""}.{" "}
            </>
          ) : null}
          {askWhom ?? "An administrator can give it to you under Settings. Nothing was changed."}
        </div>
      </div>
    </section>
  );
}

/** Wraps figures that are no longer live: dimmed, and the words say since when. */
export function Stale({ children }: { children: ReactNode }) {
  return <div className={s.stale}>{children}</div>;
}
