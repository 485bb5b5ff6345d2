"use client";

import { Autocomplete } from "@mantine/core";
import {
  IconBuilding,
  IconListCheck,
  IconPlug,
  IconRobot,
  IconServer,
  IconTimeline,
  IconTool,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import type { ScopeKind } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { NO_FILTERS } from "../../runs/filters";
import { agentNamesQuery, namesQuery, runsQuery } from "../../runs/queries";
import { previewQuery } from "../queries";
import type { Scope } from "../search-params";
import { KIND_WORDS } from "../words";
import s from "./set.module.css";

const ICONS: Record<ScopeKind, ComponentType<{ size?: number }>> = {
  environment: IconServer,
  tenant: IconBuilding,
  agent: IconRobot,
  task_type: IconListCheck,
  tool: IconTool,
  connector: IconPlug,
  run: IconTimeline,
};

const ORDER: ScopeKind[] = ["environment", "tenant", "agent", "task_type", "tool", "connector", "run"];

/** What there is to choose from, by kind; null while it is not known. */
function useChoices(): Record<ScopeKind, { names: string[]; count: string }> {
  const { slug } = usePlace().environment;
  const agents = useQuery(agentNamesQuery(slug)).data?.items.map((agent) => agent.agent_id);
  const names = (data: { items: { name: string }[] } | undefined) => data?.items.map((each) => each.name);
  const tenants = names(useQuery(namesQuery(slug, "tenant")).data);
  const tasks = names(useQuery(namesQuery(slug, "task_type")).data);
  const tools = names(useQuery(namesQuery(slug, "tool")).data);
  const connectors = names(useQuery(namesQuery(slug, "connector")).data);
  const live = useQuery(runsQuery(slug, { ...NO_FILTERS, status: "running,waiting" }, "started_at", null)).data;
  const everything = useQuery(previewQuery(slug, { kind: "environment", key: null })).data;
  const runs = everything?.runs;
  const of = (list: string[] | undefined, noun: string) => ({
    names: list ?? [],
    count: list ? counted(list.length, noun) : "",
  });
  return {
    environment: {
      names: [],
      count: everything ? `${counted(everything.agents.length, "agent")}, ${counted(everything.runs, "run")}` : "",
    },
    tenant: of(tenants, "tenant"),
    agent: of(agents, "agent"),
    task_type: of(tasks, "type"),
    tool: of(tools, "tool"),
    connector: of(connectors, "connector"),
    run: { names: live?.items.map((run) => run.run_id) ?? [], count: runs === undefined ? "" : counted(runs, "run") },
  };
}

export function ScopeList(props: { value: Scope; error?: string; onChange: (scope: Scope) => void }) {
  const { value, error, onChange } = props;
  const { environment } = usePlace();
  const choices = useChoices();
  return (
    <fieldset className={s.field}>
      <legend>To whom</legend>
      <div className={s.scopes}>
        {ORDER.map((kind) => {
          const Icon = ICONS[kind];
          const on = value.kind === kind;
          return (
            <div key={kind} className={s.scopeItem} data-on={on || undefined}>
              <label className={s.scope}>
                <input
                  type="radio"
                  name="scope"
                  value={kind}
                  checked={on}
                  onChange={() => onChange({ kind, key: null })}
                />
                <span className={s.scopeName}>
                  <Icon size={15} />
                  {KIND_WORDS[kind].label}
                </span>
                <span className={s.scopeWhat}>
                  {kind === "environment" ? `Everything in ${environment.name}` : KIND_WORDS[kind].what}
                </span>
                <span className={s.scopeCount}>{choices[kind].count}</span>
              </label>
              {on && kind !== "environment" && (
                <div className={s.picker}>
                  <Autocomplete
                    aria-label={`Which ${KIND_WORDS[kind].plain}`}
                    placeholder={`Which ${KIND_WORDS[kind].plain}?`}
                    data={choices[kind].names}
                    limit={30}
                    value={value.key ?? ""}
                    error={error}
                    onChange={(key) => onChange({ kind, key: key === "" ? null : key })}
                  />
                  {(kind === "tool" || kind === "connector") && (
                    <p className={s.hint}>A star stands for any characters: email.*</p>
                  )}
                </div>
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
