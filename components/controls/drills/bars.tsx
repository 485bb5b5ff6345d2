import type { DrillShape } from "@/lib/controls/schema";
import { counted } from "../../kit/numbers";
import { vars } from "../../kit/vars";
import s from "./drills.module.css";
import { seconds } from "./words";

/** The newest drills that are over, oldest first: how long each took; one that failed is hatched and stands highest. */
export function Bars({ drills }: { drills: readonly DrillShape[] }) {
  const over = drills.filter((each) => each.outcome !== "running").reverse();
  const failed = over.filter((each) => each.outcome === "failed").length;
  const most = Math.max(1, ...over.map((each) => each.confirmed_ms ?? 0));
  const words = `${counted(over.length, "drill")}, ${failed} failed`;
  if (over.length === 0) return null;
  return (
    <div className={s.past}>
      <div className={s.bars} role="img" aria-label={`The newest: ${words}`}>
        {over.map((each) => {
          const bad = each.outcome === "failed";
          const share = bad ? 1 : 0.3 + 0.5 * ((each.confirmed_ms ?? 0) / most);
          return (
            <i
              key={each.drill_id}
              data-bad={bad || undefined}
              style={vars({ "--h": `${Math.round(share * 100)}%` })}
              title={`${each.agent_id}: ${bad ? "failed" : `proven within ${seconds(each.confirmed_ms)}`}`}
            />
          );
        })}
      </div>
      <span className={s.meta}>{words}</span>
    </div>
  );
}
