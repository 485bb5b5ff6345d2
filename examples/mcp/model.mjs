// A scripted model, so that the example runs without a provider. With one, this file goes, and `answer` is in agent.mjs:
//   const answer = await openai.responses.create({ model: "gpt-5-mini", input: said, tools: (await client.listTools()).tools.map(…) });

const script = [
  { text: "", call: { name: "kb_search", arguments: { query: "login" } } },
  { text: "", call: { name: "ticket_create", arguments: { title: "Login is down" } } },
  { text: "A ticket is open.", call: null },
];

export const model = {
  name: "gpt-5-mini",
  /** @param {string[]} said what was said so far, the results of tools included */
  answer: async (said) => {
    const turn = script[said.length - 1] ?? { text: "Nothing more.", call: null };
    return { ...turn, usage: { input: 40, output: 12 } };
  },
};
