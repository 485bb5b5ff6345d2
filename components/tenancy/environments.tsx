"use client";

import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ENVIRONMENT_KINDS, type EnvironmentShape, slugOf } from "@/lib/tenancy/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { Panel } from "../kit/panel";
import { Tag } from "../kit/status";
import { Mono, Strong, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { detailOf, LoadFailed } from "../runs/problem";
import { FormDialog } from "./dialog";
import { meQuery } from "./queries";
import s from "./tenancy.module.css";
import { NEEDS_ADMIN } from "./words";

export function EnvironmentsPanel() {
  const { environment, may } = usePlace();
  const allowed = may["environment.write"] === true;
  const me = useQuery(meQuery(environment.slug));
  const [making, setMaking] = useState(false);
  const columns: Column<EnvironmentShape>[] = [
    {
      id: "name",
      header: "Environment",
      card: "title",
      cell: (row) => (
        <>
          <Strong>{row.name}</Strong> {row.slug === environment.slug && <Tag>this one</Tag>}
        </>
      ),
    },
    {
      id: "kind",
      header: "Kind",
      card: "state",
      cell: (row) => (
        <span className={s.kind} data-kind={row.kind}>
          <i aria-hidden />
          {row.kind}
        </span>
      ),
    },
    { id: "slug", header: "In addresses", cell: (row) => <Mono>/{row.slug}</Mono> },
    { id: "made", header: "Made", dim: true, cell: (row) => <ExactTime at={row.created_at} /> },
    {
      id: "open",
      header: "Open",
      quietHead: true,
      align: "right",
      card: "foot",
      cell: (row) => <TextLink href={`/${row.slug}/overview`}>{`Open ${row.name}`}</TextLink>,
    },
  ];
  if (me.error && !me.data)
    return <LoadFailed what="The environments" error={me.error} onRetry={() => void me.refetch()} />;
  return (
    <Panel
      title="Environments"
      sub="that you have a role in"
      right={
        <Button
          size="xs"
          leftSection={<IconPlus size={13} aria-hidden />}
          disabled={!allowed}
          title={allowed ? undefined : NEEDS_ADMIN}
          onClick={() => setMaking(true)}
        >
          New environment…
        </Button>
      }
      foot={
        <span>
          An environment is the wall: keys, runs, switches and roles belong to one.
          {allowed ? "" : " Making one needs the role admin."}
        </span>
      }
    >
      <DataTable
        label="Environments"
        cards
        columns={columns}
        rows={me.data?.environments ?? []}
        rowId={(row) => row.environment_id}
        loading={me.isPending}
      />
      {making && <NewEnvironment onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function NewEnvironment({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const form = useForm<{ name: string; kind: EnvironmentShape["kind"] }>({
    initialValues: { name: "", kind: "staging" },
  });
  const make = useAct<typeof form.values, EnvironmentShape & { audit_row: number }>({
    topics: ["settings"],
    run: (call, values) => call.post("/environments", values),
    said: (answer) => `Environment ${answer.slug} is made`,
    done: () => {
      onClose();
      router.refresh();
    },
  });
  const { name, kind } = form.values;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="New environment"
      submit="Make the environment"
      busy={make.isPending}
      error={detailOf(make.error)}
      onSubmit={form.onSubmit((values) =>
        make.mutate(values, {
          onError: (error) => {
            if (error instanceof ApiProblem)
              form.setErrors(Object.fromEntries(error.errors.map((e) => [e.path, e.message])));
          },
        }),
      )}
    >
      <TextInput
        label="Name"
        description="Small letters, digits and dashes. It stands in every address and cannot be changed."
        required
        data-autofocus
        autoComplete="off"
        {...form.getInputProps("name")}
      />
      <SegmentedControl
        aria-label="Kind"
        fullWidth
        value={kind}
        onChange={(value) => form.setFieldValue("kind", ENVIRONMENT_KINDS.find((each) => each === value) ?? "staging")}
        data={[...ENVIRONMENT_KINDS]}
      />
      <p className={s.words}>
        Its address begins with <Mono>/{name ? slugOf(name, kind) : "…"}</Mono>. It starts empty: no key, no run, and
        only people with a role in every environment.
      </p>
    </FormDialog>
  );
}
