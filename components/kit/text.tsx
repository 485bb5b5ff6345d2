import Link from "next/link";
import type { ReactNode } from "react";
import s from "./text.module.css";
import { cx } from "./vars";

type TextProps = { children: ReactNode; className?: string; title?: string };

/** A name of the contract: tool, metric, id, argument. */
export const Mono = ({ children, className, title }: TextProps) => (
  <code className={cx(s.mono, className)} title={title}>
    {children}
  </code>
);
export const Meta = ({ children, className, title }: TextProps) => (
  <span className={cx(s.meta, className)} title={title}>
    {children}
  </span>
);
export const Label = ({ children, className, title }: TextProps) => (
  <span className={cx(s.label, className)} title={title}>
    {children}
  </span>
);
export const Dim = ({ children, className, title }: TextProps) => (
  <span className={cx(s.dim, className)} title={title}>
    {children}
  </span>
);
/** Weight 500: the name in a row. */
export const Strong = ({ children, className, title }: TextProps) => (
  <b className={cx(s.strong, className)} title={title}>
    {children}
  </b>
);
/** 14/20: sentences to read. */
export const Prose = ({ children, className }: TextProps) => <div className={cx(s.prose, className)}>{children}</div>;
/** Cuts with an ellipsis; give the whole in `title`. */
export const Cut = ({ children, className, title }: TextProps) => (
  <span className={cx(s.cut, className)} title={title}>
    {children}
  </span>
);
/** Only for a screen reader. */
export const Hidden = ({ children }: { children: ReactNode }) => <span className="il-sr">{children}</span>;

/** A link in the words of the console; `plain` keeps the colour of its text. */
export function TextLink({
  href,
  children,
  plain,
  mono,
  label,
  title,
}: {
  href: string;
  children: ReactNode;
  plain?: boolean;
  mono?: boolean;
  label?: string;
  title?: string;
}) {
  return (
    <Link href={href} className={cx(plain ? s.plain : s.link, mono && s.mono)} aria-label={label} title={title}>
      {children}
    </Link>
  );
}
