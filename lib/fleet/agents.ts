import { z } from "zod";
import { notFound } from "../platform/errors";
import { read, write } from "../platform/verb";
import { agentInput, namesInput } from "./schema";
import * as store from "./store";

/** How many seconds of silence make an instance lost; the caller knows the environment's ttl. */
const silence = z.number().int().min(1);

export const listAgents = read("agent.list", {
  needs: "fleet.read",
  input: z.strictObject({ lost_after_s: silence }),
  run: async ({ tx, ctx, input }) => ({
    items: await store.agents(tx.sql, ctx.environmentId, input.lost_after_s),
    next_cursor: null,
  }),
});

export const getAgent = read("agent.get", {
  needs: "fleet.read",
  input: agentInput.extend({ lost_after_s: silence }),
  run: async ({ tx, ctx, input }) => {
    const agent = await store.agent(tx.sql, ctx.environmentId, input.lost_after_s, input.agent_id);
    if (!agent) throw notFound("agent");
    return { ...agent, heard: await store.instances(tx.sql, ctx.environmentId, input.lost_after_s, input.agent_id) };
  },
});

export const listNames = read("fleet.names", {
  needs: "fleet.read",
  input: namesInput,
  run: async ({ tx, ctx, input }) => ({
    items: await store.names(tx.sql, ctx.environmentId, input.kind),
    next_cursor: null,
  }),
});

/** An agent that called for the first time is unreviewed until a person has looked. */
export const reviewAgent = write("agent.review", {
  needs: "fleet.review",
  input: agentInput,
  run: async ({ tx, ctx, input }) => {
    if (!(await store.review(tx, ctx.environmentId, input.agent_id, ctx.actor.name))) throw notFound("agent");
    return {
      value: { agent_id: input.agent_id },
      audit: { target: { type: "agent", id: input.agent_id }, summary: `reviewed agent ${input.agent_id}` },
    };
  },
});
