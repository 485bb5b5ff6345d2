import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RunShape } from "@/lib/runs/schema";
import { CodeBlock } from "../../kit/code";
import { CopyId } from "../../kit/copy";
import { Column } from "../../kit/layout";
import { duration, integer, money } from "../../kit/numbers";
import { KeyValue, Panel } from "../../kit/panel";
import { St } from "../../kit/status";
import { Mono } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import type { Turn } from "../timeline/model";

const pretty = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

/** One turn in full, and what it changed against the one before. */
export function TurnCard({ run, turn, before }: { run: RunShape; turn: Turn; before: Turn | undefined }) {
  const { model, tools } = turn;
  const tool = tools[0];
  const facts: { term: string; value: ReactNode }[] = [
    {
      term: "Model",
      value: `${model.model ?? model.name}, ${integer(model.tokens?.input)} in, ${integer(model.tokens?.output)} out`,
    },
    ...(model.finish_reasons.length > 0 ? [{ term: "Stopped for", value: model.finish_reasons.join(", ") }] : []),
    ...tools.map((each, i) => ({
      id: each.span_id,
      term: i === 0 ? "Tool" : "and",
      value: (
        <>
          <Mono>{each.tool ?? each.name}</Mono>
          {each.http_status ? `, HTTP ${each.http_status}` : ""}, {duration((each.duration_ms ?? 0) / 1000)}
        </>
      ),
    })),
    ...(tool?.endpoint ? [{ term: "Endpoint", value: tool.endpoint }] : []),
  ];
  return (
    <Column>
      <Panel
        title={`Turn ${turn.n}`}
        sub={
          <>
            <ExactTime at={model.started_at} />, {duration((turn.end - turn.start) / 1000)}
          </>
        }
      >
        <KeyValue padded items={facts} />
      </Panel>
      {tool?.args_preview && (
        <Panel
          title="Arguments"
          right={tool.args_hash && <CopyId id={tool.args_hash} name="hash of the arguments" head={4} tail={4} />}
        >
          <CodeBlock flush wrap copy={false} code={pretty(tool.args_preview)} language="json" label="Arguments" />
        </Panel>
      )}
      {before && (
        <Panel title={`Changed since turn ${before.n}`}>
          <KeyValue padded items={changes(run, turn, before)} />
        </Panel>
      )}
    </Column>
  );
}

function changes(run: RunShape, turn: Turn, before: Turn) {
  const hash = (each: Turn, of: "args_hash" | "result_hash") => each.tools.map((tool) => tool[of]).join();
  const known = (each: Turn, of: "args_hash" | "result_hash") =>
    each.tools.length > 0 && each.tools.every((tool) => tool[of] !== null);
  const compare = (of: "args_hash" | "result_hash"): ReactNode => {
    if (turn.tools.length === 0 && before.tools.length === 0) return "no tool in either";
    if (!known(turn, of) || !known(before, of)) return "not known";
    return hash(turn, of) === hash(before, of) ? (
      <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
        nothing
      </St>
    ) : (
      "others"
    );
  };
  const grew = (turn.model.tokens?.input ?? 0) - (before.model.tokens?.input ?? 0);
  return [
    { term: "Arguments", value: compare("args_hash") },
    { term: "Result", value: compare("result_hash") },
    { term: "Context", value: `${grew >= 0 ? "+" : "−"}${integer(Math.abs(grew))} tokens` },
    { term: "Cost", value: `${money(turn.model.cost_usd, { run: true })} of ${money(run.cost_usd, { run: true })}` },
  ];
}
