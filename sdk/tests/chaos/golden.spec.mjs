import { goldenTasks } from "@interlock/agent/chaos";
import { chaosTests } from "@interlock/agent/vitest";
import { agent, agentId, tools } from "./agent.mjs";

const { INTERLOCK_URL: url, INTERLOCK_KEY: key } = process.env;
const few = ["nothing_broken", "expired_credential", "injected_instruction"];
chaosTests("golden failures", {
  connect: { url, key, agentId, spoolDir: null },
  agent,
  tasks: goldenTasks(tools).filter((t) => few.includes(t.task)),
  version: "2.0.0",
  suite: "vitest",
});
