"use client";

import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { CodeBlock } from "../kit/code";
import { CopyButton } from "../kit/copy";
import { notify } from "../kit/notify";
import { Panel } from "../kit/panel";
import { Mono } from "../kit/text";
import { ViewTabs } from "../kit/view-tabs";
import { detailOf } from "../runs/problem";
import { SecretStrip } from "../shell/auth-frame";
import type { MadeKey } from "../tenancy/key-dialogs";
import { NEEDS_ADMIN } from "../tenancy/words";
import s from "./connect.module.css";
import { snippets } from "./snippets";

const PLACEHOLDER = "ilk_YOUR_KEY";

/** Makes the key that the snippets use; the page holds it, so that it outlives the panel it was first shown in. */
export function useMakeKey() {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api(slug).post<MadeKey>("/keys", { name: "first-agent", scopes: ["agent", "ingest", "read"] }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, "settings"] }),
    onError: (error) => notify({ tone: "bad", title: "No key was made", message: detailOf(error) }),
  });
}

type Props = { origin: string; make: ReturnType<typeof useMakeKey>; title?: string };

/** A key on request, shown once, and the ways in that use it. */
export function SnippetsPanel({ origin, make, title }: Props) {
  const allowed = usePlace().may["keys.write"] === true;
  const [tab, setTab] = useState("typescript");
  const all = snippets({ origin, key: make.data?.key ?? PLACEHOLDER });
  const shown = all.find((each) => each.id === tab) ?? all[0];
  if (!shown) return null;
  return (
    <Panel title={title} label="Ways to connect">
      {make.data ? (
        <SecretStrip action={<CopyButton text={make.data.key} label="Copy key" name="Key" />}>
          <span className={s.key}>
            <IconKey size={15} aria-hidden />
            Key “{make.data.name}”, shown once: <Mono>{make.data.key}</Mono>
          </span>
        </SecretStrip>
      ) : (
        <div className={s.make}>
          <span>The snippets need a key. {allowed ? "It is shown once, and put into each of them." : NEEDS_ADMIN}</span>
          <Button
            variant="filled"
            size="xs"
            disabled={!allowed}
            loading={make.isPending}
            leftSection={<IconKey size={13} aria-hidden />}
            onClick={() => make.mutate()}
          >
            Make a key
          </Button>
        </div>
      )}
      <div className={s.tabs}>
        <ViewTabs
          label="Language"
          value={shown.id}
          views={all.map(({ id, label }) => ({ id, label }))}
          onChange={setTab}
        />
        <CopyButton text={shown.code} name={`${shown.label} snippet`} />
      </div>
      <p className={s.note}>{shown.note}</p>
      <CodeBlock flush copy={false} code={shown.code} language={shown.language} label={`${shown.label} snippet`} />
    </Panel>
  );
}
