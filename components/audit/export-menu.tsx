"use client";

import { Button, Menu } from "@mantine/core";
import { IconDownload, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "../kit/announce";
import { notify } from "../kit/notify";
import { counted } from "../kit/numbers";
import { Meta } from "../kit/text";
import { detailOf } from "../runs/problem";
import { allRows, download, type ExportFormat, serialise } from "./export";
import type { AuditFilter } from "./search-params";

const TYPES = { jsonl: "application/x-ndjson", csv: "text/csv;charset=utf-8" } as const;

/** The filtered rows with their hashes, gathered in the page; a long one says how far it is and can be cancelled. */
export function ExportMenu({ environment, filter }: { environment: string; filter: AuditFilter }) {
  const [sofar, setSofar] = useState<number | null>(null);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (format: ExportFormat) => {
    const abort = new AbortController();
    running.current = abort;
    setSofar(0);
    try {
      const rows = await allRows(environment, filter, abort.signal, setSofar);
      const day = new Date().toISOString().slice(0, 10);
      download(serialise(rows, format), `audit-${environment}-${filter.chain}-${day}.${format}`, TYPES[format]);
      announce(`${counted(rows.length, "row")} exported`);
    } catch (error) {
      if (!abort.signal.aborted) notify({ tone: "bad", title: "The export failed", message: detailOf(error) });
    } finally {
      setSofar(null);
    }
  };
  if (sofar !== null)
    return (
      <>
        <Meta>{counted(sofar, "row")} so far</Meta>
        <Button leftSection={<IconX size={15} aria-hidden />} onClick={() => running.current?.abort()}>
          Cancel export
        </Button>
      </>
    );
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<IconDownload size={15} aria-hidden />}>Export…</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The filtered rows, with their hashes</Menu.Label>
        <Menu.Item onClick={() => void start("jsonl")}>JSON lines</Menu.Item>
        <Menu.Item onClick={() => void start("csv")}>CSV</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
