"use client";

import { Button, NumberInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { PriceShape } from "@/lib/runs/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { FilterBar } from "../kit/filter-bar";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Tag } from "../kit/status";
import { Dim, Mono } from "../kit/text";
import { detailOf, LoadFailed } from "../runs/problem";
import { FormDialog } from "./dialog";
import { pricesQuery } from "./queries";
import s from "./tenancy.module.css";

/** Prices keep the digits they were written with, two at least: "$0.075", "$15.00". */
const usd = (n: number): string =>
  `$${n.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
const NEEDS = "It needs the role policy_admin or admin in this environment.";
const NEW: PriceShape = { model: "", input_usd: 0, output_usd: 0, cached_usd: null, source: "edited" };

export function PricesPanel() {
  const { environment, may } = usePlace();
  const allowed = may["prices.write"] === true;
  const prices = useQuery(pricesQuery(environment.slug));
  const [text, setText] = useState("");
  const [editing, setEditing] = useState<PriceShape | null>(null);
  const wanted = text.trim().toLowerCase();
  const all = prices.data?.items ?? [];
  const found = all.filter((row) => row.model.toLowerCase().includes(wanted));
  const columns = useMemo<Column<PriceShape>[]>(
    () => [
      {
        id: "model",
        header: "Model",
        card: "title",
        cell: (row) => <Mono>{row.model}</Mono>,
        sortBy: (row) => row.model,
      },
      {
        id: "source",
        header: "Source",
        card: "state",
        cell: (row) => <Tag tone={row.source === "edited" ? "accent" : undefined}>{row.source}</Tag>,
        sortBy: (row) => row.source,
      },
      {
        id: "input",
        header: "Input, per 1M",
        align: "right",
        cell: (row) => usd(row.input_usd),
        sortBy: (row) => row.input_usd,
      },
      {
        id: "cached",
        header: "Cached input, per 1M",
        align: "right",
        cell: (row) => (row.cached_usd === null ? <Dim>as input</Dim> : usd(row.cached_usd)),
      },
      {
        id: "output",
        header: "Output, per 1M",
        align: "right",
        cell: (row) => usd(row.output_usd),
        sortBy: (row) => row.output_usd,
      },
      ...(allowed
        ? [
            {
              id: "acts",
              header: "Acts",
              quietHead: true,
              align: "right" as const,
              card: "foot" as const,
              cell: (row: PriceShape) => (
                <button type="button" className={s.link} onClick={() => setEditing(row)}>
                  Edit…<span className="il-sr"> the price of {row.model}</span>
                </button>
              ),
            },
          ]
        : []),
    ],
    [allowed],
  );
  if (prices.error && !prices.data)
    return <LoadFailed what="The prices" error={prices.error} onRetry={() => void prices.refetch()} />;
  const edited = all.filter((row) => row.source === "edited").length;
  return (
    <>
      <FilterBar
        filters={[]}
        values={{}}
        onChange={() => undefined}
        search={{ value: text, onChange: setText, placeholder: "Search models" }}
      />
      <Panel
        title="Prices"
        sub={
          prices.data ? `${counted(all.length, "model")}, ${edited} edited; US dollars per million tokens` : undefined
        }
        right={
          <Button
            size="xs"
            leftSection={<IconPlus size={13} aria-hidden />}
            disabled={!allowed}
            title={allowed ? undefined : NEEDS}
            onClick={() => setEditing(NEW)}
          >
            New price…
          </Button>
        }
        foot={
          <>
            <span>
              {prices.data && sentence(prices.data.note)} A model that nobody priced is unpriced, never zero. What was
              stored keeps its cost.
            </span>
            {!allowed && <span>{NEEDS}</span>}
          </>
        }
      >
        <DataTable
          label="Prices"
          dense
          cards
          columns={columns}
          rows={found}
          rowId={(row) => row.model}
          loading={prices.isPending}
          maxHeight="70vh"
          empty={`No model is named like “${text}”.`}
        />
        {editing && <EditPrice key={editing.model} price={editing} onClose={() => setEditing(null)} />}
      </Panel>
    </>
  );
}

function EditPrice({ price, onClose }: { price: PriceShape; onClose: () => void }) {
  const fresh = price.model === "";
  const form = useForm<{ model: string; input_usd: number | ""; output_usd: number | ""; cached_usd: number | "" }>({
    initialValues: {
      model: price.model,
      input_usd: fresh ? "" : price.input_usd,
      output_usd: fresh ? "" : price.output_usd,
      cached_usd: price.cached_usd ?? "",
    },
    validate: {
      model: (model) => (model.trim() === "" ? "Name the model." : null),
      input_usd: (n) => (n === "" ? "A price is required." : null),
      output_usd: (n) => (n === "" ? "A price is required." : null),
    },
  });
  const save = useAct<typeof form.values>({
    topics: ["settings"],
    run: (call, { model, input_usd, output_usd, cached_usd }) =>
      call.put(`/prices/${encodeURIComponent(model.trim())}`, {
        input_usd,
        output_usd,
        cached_usd: cached_usd === "" ? null : cached_usd,
      }),
    said: (_, { model }) => `The price of ${model.trim()} is set`,
    done: onClose,
  });
  const number = { prefix: "$", min: 0, decimalScale: 6, allowNegative: false } as const;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={fresh ? "New price" : `Price of ${price.model}`}
      submit="Set the price"
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      {fresh && (
        <TextInput
          label="Model"
          description="As your agents name it, without provider and date: “gpt-4o”."
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("model")}
        />
      )}
      <div className={s.pair}>
        <NumberInput
          label="Input"
          required
          data-autofocus={!fresh || undefined}
          {...number}
          {...form.getInputProps("input_usd")}
        />
        <NumberInput label="Output" required {...number} {...form.getInputProps("output_usd")} />
      </div>
      <NumberInput
        label="Cached input"
        description="Empty: as input."
        {...number}
        {...form.getInputProps("cached_usd")}
      />
      <p className={s.words}>US dollars per million tokens. Calls that arrive from now on are priced by it.</p>
    </FormDialog>
  );
}
