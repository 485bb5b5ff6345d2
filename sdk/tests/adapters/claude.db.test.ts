import { afterAll, test } from "vitest";
import { cases } from "./cases";
import { claude, installed } from "./claude";

const open: { close: () => void }[] = [];
afterAll(() => {
  for (const one of open) one.close();
});

if (!installed) test.skip("Claude Code's binary for this platform is not installed", () => {});
else
  await cases({
    framework: "Claude Agent SDK",
    agent: ({ turns, tools, gate: how, asked }) => {
      let session: ReturnType<typeof claude> | null = null;
      const script = async (n: number) => {
        await asked(n);
        return turns[n] ?? [];
      };
      const started = async () => {
        session ??= claude({ tools, script, how });
        const one = await session;
        open.push(one);
        return one;
      };
      return {
        begin: async () => (await started()).go("go"),
        ...(how.approval === "native"
          ? {
              resume: async ({ tampered } = {}) => {
                const one = await started();
                if (tampered) one.rewrite((text) => text.replaceAll('{"title":"ticket 1"}', JSON.stringify(tampered)));
                return one.resume();
              },
            }
          : {}),
      };
    },
  });
