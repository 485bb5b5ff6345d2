import type { CategoryShape } from "@/lib/detectors/schema";
import { Panel } from "../kit/panel";
import { Dim, Mono } from "../kit/text";
import s from "./measured.module.css";

const LABELS: Record<string, string> = {
  objective: "labelled by what happened",
  annotated: "as people annotated them",
  weak: "weakly labelled",
};
const share = (n: number, of: number): string => (of === 0 ? "–" : `${Math.round((100 * n) / of)} %`);

/** How the category's default rules did on real runs, and what no rule of ours sees. What is here was measured. */
export function Measured({ of }: { of: CategoryShape }) {
  const labelled = of.measured?.labelled ?? [];
  const alarms = (of.measured?.alarms_per_100 ?? []).filter((a) => a.runs >= 30);
  return (
    <Panel title="On real runs" sub="the catalogue's default rules, as they ship">
      <ul className={s.list}>
        {labelled.map((m) => (
          <li key={`${m.mode} ${m.labels}`}>
            <Mono>{m.mode}</Mono>, {LABELS[m.labels] ?? m.labels}: found <b>{m.found}</b> of <b>{m.of}</b> (
            {share(m.found, m.of)}), precision {share(m.found, m.found + m.false_alarms)}; <b>{m.false_alarms}</b> false
            alarms on {m.negatives} runs without it. <Dim>{m.sources.join(", ")}</Dim>
          </li>
        ))}
        {labelled.length === 0 && (
          <li>
            No labelled runs of this were to be had. What is claimed is what incidents that were acted out again show.
          </li>
        )}
        {alarms.length > 0 && (
          <li>
            On 100 runs that succeeded it alerts on: {alarms.map((a) => `${a.per_100} (${a.source})`).join(", ")}.
          </li>
        )}
        {of.cannot_tell && (
          <li>
            <b>What no rule sees.</b> {of.cannot_tell}
          </li>
        )}
      </ul>
    </Panel>
  );
}
