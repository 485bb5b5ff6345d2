/** How many of an agent's newest runs its page shows. */
export const RECENT = 8;
