"use client";

import type { ReactNode } from "react";
import { Page } from "../kit/layout";
import { PageHead } from "../kit/panel";
import { Empty, ErrorState } from "../kit/states";
import { TextLink } from "../kit/text";
import { usePlace } from "./place";

export type Thrown = { error: Error & { digest?: string }; reset: () => void };

/** An error.tsx: what was thrown while the page was rendered, and what goes on without it. */
export function PageFailed(props: Thrown & { page: string; what: string; goesOn?: ReactNode }) {
  const { page, what, goesOn, error, reset } = props;
  return (
    <Page>
      <PageHead title={page} />
      <ErrorState title={`${what} could not be shown`} requestId={error.digest} onRetry={reset} notAffected={goesOn} />
    </Page>
  );
}

/** A not-found.tsx: the way back to those that are here. */
export function NoSuch(props: {
  page: string;
  what: string;
  list: [path: string, label: string];
  children: ReactNode;
}) {
  const { page, what, list, children } = props;
  const { slug } = usePlace().environment;
  return (
    <Page>
      <PageHead title={page} />
      <Empty
        title={`There is no such ${what} here`}
        actions={<TextLink href={`/${slug}/${list[0]}`}>{list[1]}</TextLink>}
      >
        {children}
      </Empty>
    </Page>
  );
}
