"use client";

import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ACTIONS, type Action, type RuleShape } from "@/lib/detectors/schema";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { detailOf, wordsOf } from "../../runs/problem";
import { FormDialog } from "../../tenancy/dialog";
import t from "../../tenancy/tenancy.module.css";
import { ruleBacktestQuery } from "../queries";
import { ACTION_WORDS } from "../words";
import s from "./alert.module.css";

const MEANS: Record<Action, string> = {
  notify: "Slack, mail, pager: whoever wants alerts.",
  stop_run: "The run that shows it is stopped, once.",
  safe_mode: "Only a person takes the agent out again.",
  open_incident: "One, or its place in the one that stands open.",
};
const canDo = (rule: RuleShape, action: Action): boolean =>
  action === "stop_run"
    ? rule.per === "run"
    : action === "safe_mode"
      ? rule.per === "run" || rule.per === "agent"
      : true;

/** From observe to act: what it would do from now on, beside what it would have hit in the last 30 days. */
export function LetItAct({ rule, onClose }: { rule: RuleShape; onClose: () => void }) {
  const { slug } = usePlace().environment;
  const past = useQuery(ruleBacktestQuery(slug, rule.slug));
  const [actions, setActions] = useState<Action[]>(rule.actions.length > 0 ? rule.actions : ["notify"]);
  const save = useAct<void, RuleShape & { audit_row: number }>({
    topics: ["alerts"],
    run: (call) => {
      const { slug: name, category, failure, metric, aggregate, per, op, threshold, window_s, scope } = rule;
      const { warn_threshold, exempt_tools, severity, no_data_s, renotify_s } = rule;
      return call.put(`/rules/${encodeURIComponent(name)}`, {
        ...{ category, failure, name: rule.name, metric, aggregate, per, op, threshold, window_s, scope },
        ...{ warn_threshold, exempt_tools, severity, no_data_s, renotify_s, actions, mode: "act" },
      });
    },
    said: () => `${rule.name} acts`,
    done: onClose,
  });
  const stops = actions.includes("stop_run");
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Let it act: ${rule.name}`}
      submit="Let it act"
      disabled={actions.length === 0}
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className={t.words}>From the next firing of “{rule.sentence}” on. What has fired already is not acted on.</p>
      <p className={s.past} role="status">
        {past.isError
          ? `The last 30 days could not be judged. ${wordsOf(past.error)}`
          : past.data
            ? `In the last 30 days it would have fired on ${past.data.fired_count} of ${counted(past.data.runs, "run")}, ${past.data.fired_on_success} of them successful.`
            : "Judging the runs of the last 30 days…"}
        {stops && past.data && past.data.fired_on_success > 0 && (
          <b> {counted(past.data.fired_on_success, "run")} that ended well would have been stopped.</b>
        )}
      </p>
      <Checkbox.Group
        label="It does"
        value={actions}
        onChange={(values) => setActions(ACTIONS.filter((action) => values.includes(action)))}
      >
        <div className={s.choices}>
          {ACTIONS.map((action) => (
            <Checkbox
              key={action}
              value={action}
              label={ACTION_WORDS[action]}
              description={canDo(rule, action) ? MEANS[action] : "Not for a rule over many runs."}
              disabled={!canDo(rule, action)}
            />
          ))}
        </div>
      </Checkbox.Group>
    </FormDialog>
  );
}
