// @ts-check
/** @param {() => number} random from 0 to below 1 */
const with_ = (random) => {
  const between = (/** @type {number} */ from, /** @type {number} */ to) => from + random() * (to - from);
  const whole = (/** @type {number} */ from, /** @type {number} */ to) => Math.floor(between(from, to + 1));
  return {
    between,
    whole,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => list[Math.floor(random() * list.length)],
    /** @param {number} probability */
    chance: (probability) => random() < probability,
  };
};
/** @typedef {ReturnType<typeof with_>} Dice */

/** The same throws again from the same seed: who takes a piece of work over finds the same work. @param {number} seed @returns {Dice} */
export function dice(seed) {
  let at = seed >>> 0;
  return with_(() => {
    at = (at + 0x6d2b79f5) >>> 0;
    let x = Math.imul(at ^ (at >>> 15), at | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  });
}

export const { between, whole } = with_(Math.random);
