"use client";

import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../kit/announce";
import { notify } from "../../kit/notify";
import { counted, integer } from "../../kit/numbers";
import { wordsOf } from "../problem";
import type { RunFilters, RunSort } from "../search-params";
import { download, EXPORT_CAP, type ExportFormat, exportRuns } from "./export";
import s from "./list.module.css";

const TYPES = { csv: "text/csv", json: "application/json" } as const;

/** CSV or JSON of everything the filters let through, up to 10,000 rows; shows how far it is and can be cancelled. */
export function ExportMenu({
  environment,
  filters,
  sort,
}: {
  environment: string;
  filters: RunFilters;
  sort: RunSort;
}) {
  const [rows, setRows] = useState<number | null>(null);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const start = async (format: ExportFormat) => {
    const controller = new AbortController();
    abort.current = controller;
    setRows(0);
    try {
      const made = await exportRuns(environment, { filters, sort, format }, setRows, controller.signal);
      const stamp = new Date().toISOString().slice(0, 16).replaceAll(":", "");
      download(made.text, `runs-${environment}-${stamp}.${format}`, TYPES[format]);
      notify({
        tone: made.capped ? "warn" : "good",
        title: `${counted(made.rows, "run")} exported`,
        message: made.capped ? `That is the most at once. Narrow the time to get what is older.` : undefined,
      });
    } catch (error) {
      if (controller.signal.aborted) announce("Export cancelled");
      else notify({ tone: "bad", title: "The export failed", message: wordsOf(error) });
    } finally {
      setRows(null);
    }
  };
  if (rows !== null)
    return (
      <span className={s.exporting}>
        <progress max={EXPORT_CAP} value={rows} aria-label="Rows exported" />
        <span>{integer(rows)} rows</span>
        <Button onClick={() => abort.current?.abort()}>Cancel</Button>
      </span>
    );
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<IconDownload size={15} aria-hidden />}>Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>What the filters let through, up to 10,000 rows</Menu.Label>
        <Menu.Item onClick={() => void start("csv")}>CSV</Menu.Item>
        <Menu.Item onClick={() => void start("json")}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
