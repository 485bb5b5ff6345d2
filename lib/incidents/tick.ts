import { notFound } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { heldOpen } from "./note";
import { tickInput, type Verdict } from "./schema";
import { effectOut } from "./shape";
import * as store from "./store";

const WORD: Record<Verdict, string> = {
  right: "is right",
  compensated: "is compensated",
  accepted: "is accepted",
  not_done: "did not happen",
};

/** A person has looked at a write, and says how it is; null takes the tick back. @throws Failure `not_found` | `conflict` (closed) */
export const tickEffect = writeSql("incident.tick", {
  needs: "incidents.write",
  input: tickInput,
  run: async ({ tx, ctx, input }) => {
    const { environmentId } = ctx;
    const { incident_id } = await heldOpen(tx, ctx, input.incident_id);
    const before = await store.effectOf(tx, environmentId, incident_id, input.effect_id);
    if (!before) throw notFound("effect in this incident");
    const by = store.author(ctx);
    const path = `/runs/${encodeURIComponent(before.run_id)}?tab=effects`;
    const what = `${before.tool}${before.external_id ? ` ${before.external_id}` : ""}`;
    const said = input.verdict === null ? "is to be looked at again" : WORD[input.verdict];
    if (input.verdict === null) await store.dropTick(tx, environmentId, incident_id, input.effect_id);
    else
      await store.putTick(tx, environmentId, incident_id, {
        effectId: input.effect_id,
        verdict: input.verdict,
        note: input.note?.trim() ?? "",
        status: before.status,
        byId: by.id,
        byName: by.name,
      });
    const note = input.note?.trim() ? `: ${input.note.trim()}` : "";
    await store.addEvent(tx, ctx, incident_id, "effect", `${what} ${said}${note}`, path);
    const after = await store.effectOf(tx, environmentId, incident_id, input.effect_id);
    if (!after) throw new Error("an effect that was there is gone");
    const { total, validated } = await store.effectCounts(tx, environmentId, incident_id);
    return {
      value: { effect: effectOut(after), total, validated },
      audit: {
        target: { type: "incident", id: incident_id },
        summary: `said of ${incident_id} that ${what} ${said}${note}`,
        before: { effect_id: input.effect_id, verdict: before.verdict, note: before.note },
        after: { effect_id: input.effect_id, verdict: input.verdict, note: input.note ?? null, status: before.status },
      },
    };
  },
});
