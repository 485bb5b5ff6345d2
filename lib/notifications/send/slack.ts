import { EVENT_WORD, type Saying, SEVERITY_WORD } from "./say";

/** What Slack reads as markup is not markup in what agents and people wrote. */
const plain = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const cut = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);
const words = (text: string) => ({ type: "plain_text", text, emoji: false });

/** Blocks for Slack, and the whole in `text` for servers that know no blocks. */
export function slackBody(s: Saying): string {
  const kind =
    s.event === "opened" ? SEVERITY_WORD[s.severity] : `${SEVERITY_WORD[s.severity]}, ${EVENT_WORD[s.event]}`;
  const fields = s.facts.slice(0, 10).map((f) => ({
    type: "mrkdwn",
    text: cut(`*${plain(f.label)}*\n${plain(f.value)}`, 2_000),
  }));
  return JSON.stringify({
    text: cut(`${kind}: ${plain(s.title)}\n${plain(s.text)}\n${s.url}`, 3_000),
    blocks: [
      { type: "header", text: words(cut(s.title, 150)) },
      {
        type: "section",
        text: { type: "mrkdwn", text: cut(`*${kind}* in ${plain(s.environment)}\n${plain(s.text)}`, 3_000) },
      },
      ...(fields.length > 0 ? [{ type: "section", fields }] : []),
      { type: "actions", elements: [{ type: "button", text: words(s.act), url: s.url }] },
      { type: "context", elements: [words(`Interlock, ${s.topic}, ${s.deliveryId}`)] },
    ],
  });
}
