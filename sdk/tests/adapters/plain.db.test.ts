import { Gate, refusal } from "../../src/adapters/gate";
import { cases } from "./cases";

// The SDK itself, in a loop of one's own: what every adapter has to be as good as.
await cases({
  framework: "SDK",
  agent: ({ turns, tools, gate: options, asked }) => {
    const gate = new Gate(options);
    return {
      begin: async () => {
        const said: string[] = [];
        for (let n = 0; ; n++) {
          const turn = await gate.turn({ model: "scripted", prompt: said, maxOutputTokens: 50 });
          await asked(n);
          const calls = turns[n] ?? [];
          await turn.done({ input: 20, output: 10 });
          if (calls.length === 0) return said.join("\n");
          const outcomes = await Promise.allSettled(
            calls.map(({ tool, args }) => gate.tool(tool, args, () => tools[tool]?.(args))),
          );
          for (const one of outcomes) {
            if (one.status === "rejected") throw one.reason;
            said.push(one.value.ok ? JSON.stringify(one.value.data) : refusal(one.value.error));
          }
        }
      },
    };
  },
});
