import type { BudgetShape, Window } from "@/lib/budgets/schema";
import { money } from "../kit/numbers";
import type { Figure } from "../kit/panel";
import { TextLink } from "../kit/text";
import { BudgetBar, Outlook } from "./parts";
import type { Budgets } from "./queries";
import { usedOf } from "./words";

const WINDOWS = ["day", "month", "hour"] as const satisfies Window[];
const WORDS = { day: ["today", "a day"], month: ["this month", "a month"], hour: ["this hour", "an hour"] } as const;
const share = (b: BudgetShape): number => (b.amount > 0 ? usedOf(b) / b.amount : 0);

/** The cap in dollars over the whole environment: of a day if there is one, the fullest of them. */
function capOf(items: BudgetShape[]) {
  const whole = items.filter((b) => b.metric === "usd" && b.scope.kind === "environment");
  for (const window of WINDOWS) {
    const [fullest] = whole.filter((b) => b.window === window).sort((a, b) => share(b) - share(a));
    if (fullest) return { of: fullest, words: WORDS[window] };
  }
  return null;
}

/** For the overview: what the environment costs against its cap; without one, how to set it. `range` is the page's own. */
export function costFigure(
  environment: string,
  budgets: Budgets | undefined,
  range: { words: string; cost: number; tokens: string; each: string },
): Figure {
  const found = capOf(budgets?.items ?? []);
  const href = `/${environment}/budgets`;
  if (!found)
    return {
      label: `Cost in ${range.words}`,
      value: money(range.cost),
      unit: `${range.tokens} tokens`,
      note: (
        <>
          {range.each}
          {budgets && (
            <>
              . No cap on a day: <TextLink href={href}>set one</TextLink>
            </>
          )}
        </>
      ),
      wide: 1.4,
    };
  const { of, words } = found;
  const { held, unsettled } = of.usage;
  return {
    label: `Cost ${words[0]} against budget`,
    value: money(of.usage.spent + unsettled),
    unit: `of ${money(of.amount)} ${words[1]}${held > 0 ? `, ${money(held)} held` : ""}`,
    note: (
      <>
        <BudgetBar of={of} label={`Cost ${words[0]}`} />
        <Outlook of={of} />
      </>
    ),
    wide: 1.6,
    href: `${href}?budget=${encodeURIComponent(of.slug)}`,
  };
}
