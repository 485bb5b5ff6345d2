// @ts-check
import { invoiceMatcher } from "./invoice-matcher.mjs";
import { kbCurator } from "./kb-curator.mjs";
import { onboardingMailer } from "./onboarding-mailer.mjs";
import { refundClerk } from "./refund-clerk.mjs";
import { reportWriter } from "./report-writer.mjs";
import { researchAgent } from "./research-agent.mjs";
import { summarizer } from "./summarizer-12.mjs";
import { triageBot } from "./triage-bot.mjs";

/** @type {import("../agent.mjs").AgentSpec[]} */
export const agents = [
  triageBot,
  summarizer,
  researchAgent,
  invoiceMatcher,
  reportWriter,
  refundClerk,
  kbCurator,
  onboardingMailer,
];
