import type { EffectiveShape } from "@/lib/policies/schema";
import type { Check } from "../../kit/checks";

const MANY_REPEATS = 10;

/** What a person should probably not be surprised by. */
export function lookAt({ documents, lines, mode }: EffectiveShape): Check[] {
  const line = (key: string) => lines.find((each) => each.key === key);
  const out: Check[] = [];
  const say = (id: string, what: string, why: string) => out.push({ id, state: "warn", what, why });
  for (const each of documents)
    if (each.state === "observe")
      say(`observe-${each.policy_id}`, `${each.policy_id} only observes`, "what it refuses is recorded, and happens");
  const allow = line("tools.allow");
  if (allow && Array.isArray(allow.value) && allow.value.length === 0)
    say("allow", "No tool is left", "the allow lists of its documents have no name in common");
  if (mode !== "none" && !allow && !line("capabilities"))
    say("permissions", "No document states tools or capabilities", "what is not allowed is denied");
  const repeats = line("loop_detection.repeated_calls_threshold");
  if (repeats && Number(repeats.value) >= MANY_REPEATS)
    say("repeats", `${String(repeats.value)} repeats are allowed`, "the safe value is 3");
  const usd = line("budgets.max_usd");
  if (mode !== "none" && usd && usd.from.length === 0)
    say("usd", "No document states a cap in dollars", `the safe value of $${String(usd.value)} a run holds`);
  return out;
}
