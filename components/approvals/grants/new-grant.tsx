"use client";

import { Autocomplete, NumberInput, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { ApiProblem } from "../../api";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { wordsOf } from "../../runs/problem";
import { agentNamesQuery, namesQuery } from "../../runs/queries";
import { FormDialog } from "../../tenancy/dialog";
import t from "../../tenancy/tenancy.module.css";

const HOUR = 3600;
const TERMS = [
  { value: String(HOUR), label: "1 hour" },
  { value: String(8 * HOUR), label: "8 hours" },
  { value: String(24 * HOUR), label: "1 day" },
  { value: String(7 * 24 * HOUR), label: "7 days" },
  { value: String(30 * 24 * HOUR), label: "30 days" },
];

/** What is said at its field is not said again below. */
const hasFields = (error: unknown): boolean => error instanceof ApiProblem && error.errors.length > 0;

export function NewGrant({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const { slug } = usePlace().environment;
  const agents = useQuery(agentNamesQuery(slug)).data?.items.map((each) => each.agent_id) ?? [];
  const tools = useQuery(namesQuery(slug, "tool")).data?.items.map((each) => each.name) ?? [];
  const tenants = useQuery(namesQuery(slug, "tenant")).data?.items.map((each) => each.name) ?? [];
  const form = useForm({
    initialValues: {
      agent_id: "",
      tool: "",
      tenant_id: "",
      condition: "",
      reason: "",
      max_uses: "" as number | "",
      expires_in_s: String(8 * HOUR),
    },
    validate: {
      agent_id: (value) => (value.trim() === "" ? "Which agent?" : null),
      tool: (value) => (value.trim() === "" ? "Which tool?" : null),
      reason: (value) => (value.trim() === "" ? "Say why nobody needs to be asked." : null),
    },
  });
  const make = useAct({
    topics: ["approvals"],
    run: (call, values: typeof form.values) =>
      call.post<{ grant_id: string; audit_row?: number }>("/grants", {
        agent_id: values.agent_id.trim(),
        tool: values.tool.trim(),
        reason: values.reason.trim(),
        expires_in_s: Number(values.expires_in_s),
        ...(values.tenant_id.trim() ? { tenant_id: values.tenant_id.trim() } : {}),
        ...(values.condition.trim() ? { condition: values.condition.trim() } : {}),
        ...(values.max_uses === "" ? {} : { max_uses: values.max_uses }),
      }),
    said: (_, { tool, agent_id }) => `${tool} by ${agent_id} is granted`,
    done: ({ grant_id }) => {
      onMade(grant_id);
      onClose();
    },
  });
  const send = form.onSubmit((values) =>
    make.mutate(values, {
      onError: (error) =>
        error instanceof ApiProblem &&
        form.setErrors(Object.fromEntries(error.errors.map((each) => [each.path, each.message]))),
    }),
  );
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="New grant"
      submit="Grant it"
      busy={make.isPending}
      error={make.isError && !hasFields(make.error) ? wordsOf(make.error) : undefined}
      onSubmit={send}
    >
      <p className={t.words}>
        Calls that it covers ask nobody, until it ends. A star stands for any characters: <code>ticket.*</code>.
      </p>
      <div className={t.pair}>
        <Autocomplete
          label="Agent"
          required
          withAsterisk={false}
          data-autofocus
          data={agents}
          limit={20}
          {...form.getInputProps("agent_id")}
        />
        <Autocomplete
          label="Tool"
          required
          withAsterisk={false}
          data={tools}
          limit={20}
          {...form.getInputProps("tool")}
        />
      </div>
      <div className={t.pair}>
        <Autocomplete
          label="Tenant"
          placeholder="every one"
          data={tenants}
          limit={20}
          {...form.getInputProps("tenant_id")}
        />
        <NumberInput
          label="At most so many times"
          placeholder="no number"
          min={1}
          max={1_000_000}
          allowDecimal={false}
          {...form.getInputProps("max_uses")}
        />
      </div>
      <TextInput
        label="Only when"
        description="CEL over args, facts, run, agent. Empty: every such call."
        placeholder="args.priority != 'P1'"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("condition")}
      />
      <div>
        <span id="grant-term">It ends after</span>
        <SegmentedControl
          aria-labelledby="grant-term"
          fullWidth
          data={TERMS}
          value={form.values.expires_in_s}
          onChange={(value) => form.setFieldValue("expires_in_s", value)}
        />
      </div>
      <Textarea
        label="Why"
        description="It stands in the audit, and beside every call that it allows."
        required
        withAsterisk={false}
        autosize
        minRows={2}
        maxLength={1000}
        {...form.getInputProps("reason")}
      />
    </FormDialog>
  );
}
