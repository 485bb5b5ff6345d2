import type { Ctx } from "../platform/ctx";

/** Who answers for it: of a key the person it belongs to, and that it was a key. */
export const nameOf = ({ actor }: Ctx): string =>
  actor.type === "key" ? `${actor.personName} (key ${actor.name})` : actor.name;
export const personId = ({ actor }: Ctx): string => (actor.type === "key" ? actor.personId : actor.id);
