import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { Failure } from "../platform/errors";
import { reader } from "../platform/verb";

const limiter = (keyPrefix: string, points: number, duration: number, blockDuration: number) =>
  new RateLimiterPostgres({
    storeClient: reader().sql,
    tableName: "sign_in_attempts",
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration,
    blockDuration,
  });

let limiters: { account: RateLimiterPostgres; address: RateLimiterPostgres } | undefined;
const all = () => {
  limiters ??= { account: limiter("account", 8, 900, 900), address: limiter("address", 60, 900, 900) };
  return limiters;
};

/**
 * Counts one failed sign-in: 8 an account and 60 an address in 15 minutes, then neither is heard for 15.
 * The count is taken before the password is looked at and given back when it was right.
 * @throws Failure `too_many_requests` with the seconds to wait
 */
export async function countAttempt(email: string, from: string): Promise<{ giveBack: () => Promise<void> }> {
  const { account, address } = all();
  try {
    await address.consume(from);
    await account.consume(email);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const retryAfterS = Math.ceil(refused.msBeforeNext / 1000);
    throw new Failure("too_many_requests", `Too many attempts. Try again in ${retryAfterS} s.`, { retryAfterS });
  }
  return {
    giveBack: async () => {
      await Promise.all([account.delete(email), address.reward(from)]);
    },
  };
}
