import type { ReactNode } from "react";
import s from "./code.module.css";
import { CopyButton } from "./copy";
import { highlight, type Language } from "./highlight";
import { cx } from "./vars";

/** A snippet with its copy button. `flush` drops the border, for the body of a panel; `head` stands left of the button. */
export function CodeBlock(props: {
  code: string;
  language?: Language;
  label: string;
  head?: ReactNode;
  flush?: boolean;
  copy?: boolean;
  wrap?: boolean;
}) {
  const { code, language = "text", label, head, flush, copy = true, wrap } = props;
  let at = 0;
  return (
    <div className={cx(s.block, flush && s.flush)}>
      {(head || copy) && (
        <div className={s.head} data-bare={!head || undefined}>
          {head}
          {copy && (
            <span className={s.copy}>
              <CopyButton text={code} name={label} />
            </span>
          )}
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={s.scroll} aria-label={label} tabIndex={0}>
        <pre className={s.code} data-wrap={wrap || undefined}>
          {highlight(code, language).map((token) => {
            const key = `${at}-${token.kind}`;
            at += token.text.length;
            return token.kind === "plain" ? (
              token.text
            ) : (
              <span key={key} data-kind={token.kind}>
                {token.text}
              </span>
            );
          })}
        </pre>
      </section>
    </div>
  );
}
