import type { StopReason } from "@/lib/runs/stop-reasons";
import type { Family } from "../kit/stop-reasons";

/** What to look at first, in our own words, until the environment has its own runbooks. */
const BY_FAMILY: Record<Exclude<Family, "success">, readonly string[]> = {
  tool: [
    "Open the red call: its error and its arguments say whether the tool or the request was wrong.",
    "Do other runs fail on the same tool? If so, it is the tool: block it, or put its agents in safe mode.",
    "If the call wrote something, find out what the other side did before anything is tried again.",
  ],
  refused: [
    "Read what was refused and why: the refusal is the last thing in the timeline.",
    "Was the refusal right? Then the agent asked for something it should not: look at what led it there.",
    "If it was wrong, change the rule, not the run. Work that was done before the refusal still stands.",
  ],
  loop: [
    "Look at what the repeated call returned: the same answer each time, or an empty success?",
    "Check what was written before the loop began, and whether any of it was written twice.",
    "Do other runs of this agent stop on the same call? If so, safe mode for the agent.",
  ],
  budget: [
    "See where it went: the chart shows in which turns context and cost grew.",
    "Is the work larger than the limit, or did the run wander? Compare it with one that succeeded.",
    "Raise the limit only for the first case. What was half done may need to be finished by hand.",
  ],
  person: [
    "Read the reason of the switch and who set it, under Controls.",
    "Check what had been written when the run was stopped, and what it left half done.",
    "Start it again only after the switch is released; the person waiting for it may not know.",
  ],
  system: [
    "When was it last heard, and does its instance still live? A lost run may still be working.",
    "Read the error, if there is one, and look for other runs that ended in the same minute.",
    "Check what it had written before it is started again: nothing here has undone it.",
  ],
};

const BY_REASON: Partial<Record<StopReason, readonly string[]>> = {
  tool_auth_failed: [
    "The credential was refused: has it expired, or been changed?",
    "Which other agents share it? They fail next.",
    "Renew it first. Trying again with the old one can lock the account.",
  ],
  tool_rate_limit: [
    "How many runs call this tool at once? The limit counts them all together.",
    "Pause the ones that can wait, and let the others through.",
    "Look whether a run repeats the call: a loop is the usual cause.",
  ],
  no_progress: [
    "Find the last turn that learnt something new; everything after it was spent for nothing.",
    "Was the goal reachable with the tools it had? Look at what it tried.",
    "Do other runs of this task stop the same way? Then the task is wrong, not the run.",
  ],
  context_budget: [
    "Find the turn where the context jumps: it is marked in Turns.",
    "Is it one large result, or many small ones that were never dropped?",
    "Cut it where it comes in: a tool that answers with less is the lasting repair.",
  ],
  cancelled: [
    "The agent, or who started it, gave up: was it meant, or did a caller time out?",
    "Check what had been written before it was cancelled, and what is half done.",
    "If a caller timed out, look at how long such runs take: the wait may be too short.",
  ],
  internal_error: [
    "Read the error above, and the last span before it.",
    "Look for other runs that ended in the same minute: one host, or one release?",
    "Check what it had written before it is started again: nothing here has undone it.",
  ],
  approval_expired: [
    "Nobody answered in time: who should have, and were they told?",
    "Is the work still wanted? The world may have moved since.",
    "If it happens often, the people or the time allowed are too few.",
  ],
};

export function firstMoves(reason: StopReason, family: Family): readonly string[] {
  return BY_REASON[reason] ?? (family === "success" ? [] : BY_FAMILY[family]);
}
