// @ts-check
/** @param {number} from @param {number} to */
export const between = (from, to) => from + Math.random() * (to - from);
/** @param {number} from @param {number} to */
export const whole = (from, to) => Math.floor(between(from, to + 1));
/** @template T @param {readonly T[]} list @returns {T} */
export const pick = (list) => list[Math.floor(Math.random() * list.length)];
/** @param {number} probability */
export const chance = (probability) => Math.random() < probability;
