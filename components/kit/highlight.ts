export type Language = "ts" | "python" | "bash" | "json" | "env" | "text";
export type Token = { kind: "comment" | "string" | "keyword" | "number" | "plain"; text: string };

const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/;
const NUMBER = /\b\d+(?:\.\d+)?\b/;
const words = (list: string) => new RegExp(`\\b(?:${list})\\b`);

const RULES: Record<Language, Partial<Record<Exclude<Token["kind"], "plain">, RegExp>>> = {
  ts: {
    comment: /\/\/[^\n]*/,
    string: STRING,
    keyword: words("import|from|const|let|await|async|return|export|new|if|else|for|of|function|try|catch"),
    number: NUMBER,
  },
  python: {
    comment: /#[^\n]*/,
    string: STRING,
    keyword: words("import|from|as|with|await|async|return|def|class|if|else|for|in|True|False|None"),
    number: NUMBER,
  },
  bash: { comment: /(?<=^|\n)#[^\n]*/, string: STRING, keyword: words("curl|npx|npm|pip|export") },
  env: { comment: /(?<=^|\n)#[^\n]*/, keyword: /(?<=^|\n)[A-Z_]+(?==)/ },
  json: { string: /"(?:\\.|[^"\\])*"(?=\s*[,}\]\n]|$)/, keyword: words("true|false|null"), number: NUMBER },
  text: {},
};

/** Splits code into coloured parts: enough for a snippet, no more. Joined, the parts are the code. */
export function highlight(code: string, language: Language): Token[] {
  const rules = Object.entries(RULES[language]) as [Exclude<Token["kind"], "plain">, RegExp][];
  if (rules.length === 0) return [{ kind: "plain", text: code }];
  const any = new RegExp(rules.map(([kind, rule]) => `(?<${kind}>${rule.source})`).join("|"), "g");
  const tokens: Token[] = [];
  let at = 0;
  for (const match of code.matchAll(any)) {
    if (match.index > at) tokens.push({ kind: "plain", text: code.slice(at, match.index) });
    const kind = rules.find(([name]) => match.groups?.[name] !== undefined)?.[0] ?? "plain";
    tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < code.length) tokens.push({ kind: "plain", text: code.slice(at) });
  return tokens;
}
