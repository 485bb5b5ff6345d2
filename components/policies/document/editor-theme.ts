import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Decoration, EditorView, MatchDecorator, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const soft = (name: string) => ({ background: `var(--il-${name}-soft)`, borderColor: `var(--il-${name}-line)` });
const wave = (name: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(--il-${name})`,
  textUnderlineOffset: "4px",
  textDecorationThickness: "1px",
});
const marker = { content: "normal", width: "8px", height: "8px", margin: "7px 4px 0" };

/** CodeMirror in the tokens of the console. */
const look = EditorView.theme({
  "&": { color: "var(--il-text)", backgroundColor: "var(--il-surface)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "2px solid var(--il-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--il-mono)", lineHeight: "22px", letterSpacing: "-0.015em" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--il-text)" },
  ".cm-line": { padding: "0 16px 0 8px" },
  ".cm-gutters": { background: "none", color: "var(--il-text-3)", border: "0", fontSize: "11px" },
  ".cm-lineNumbers .cm-gutterElement": {
    padding: "0 8px 0 4px",
    borderRight: "1px solid var(--il-border)",
    minWidth: "32px",
  },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--il-hover)" },
  ".cm-cursor": { borderLeftColor: "var(--il-text)", borderLeftWidth: "1.5px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--il-accent-line)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--il-accent-soft)" },
  ".cm-lintRange-error": wave("stop"),
  ".cm-lintRange-warning": wave("safe"),
  ".cm-lint-marker-error": { ...marker, background: "var(--il-stop)", borderRadius: "50%" },
  ".cm-lint-marker-warning": {
    ...marker,
    background: "var(--il-safe)",
    clipPath: "polygon(50% 0, 100% 100%, 0 100%)",
  },
  ".cm-tooltip": {
    background: "var(--il-surface)",
    border: "1px solid var(--il-border-strong)",
    borderRadius: "6px",
    boxShadow: "var(--il-shadow-pop)",
    color: "var(--il-text)",
    fontFamily: "var(--il-font)",
    fontSize: "12px",
    zIndex: "20",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--il-mono)", padding: "4px", maxHeight: "240px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    justifyContent: "space-between",
    gap: "16px",
    padding: "0 8px",
    lineHeight: "26px",
    borderRadius: "3px",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--il-selected)", color: "var(--il-text)" },
  ".cm-completionIcon": { display: "none" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--il-accent-text)" },
  ".cm-completionDetail": {
    fontFamily: "var(--il-font)",
    fontStyle: "normal",
    fontSize: "11px",
    color: "var(--il-text-3)",
    marginLeft: "auto",
  },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 12px", maxWidth: "280px", lineHeight: "17px" },
  // a margin of a block between lines would not be counted in its height
  ".cm-said": { padding: "2px 16px 4px 8px" },
  ".cm-said > div": {
    padding: "4px 10px",
    borderRadius: "4px",
    border: "1px solid",
    font: "400 12px/18px var(--il-font)",
    letterSpacing: "0",
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    gap: "2px 12px",
    whiteSpace: "normal",
  },
  ".cm-said[data-t=error] > div": soft("stop"),
  ".cm-said[data-t=warning] > div": soft("safe"),
  ".cm-said b": { fontWeight: "600" },
  ".cm-said[data-t=error] b": { color: "var(--il-stop-text)" },
  ".cm-said[data-t=warning] b": { color: "var(--il-safe-text)" },
  ".cm-said button": {
    border: "0",
    background: "none",
    padding: "0",
    font: "inherit",
    fontWeight: "500",
    color: "var(--il-accent-text)",
    cursor: "pointer",
  },
  ".cm-named": { backgroundColor: "var(--il-selected)", boxShadow: "inset 2px 0 0 var(--il-accent)" },
  ".cm-number": { color: "var(--il-safe-text)" },
});

const words = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--il-accent-text)" },
  { tag: tags.string, color: "var(--il-run-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--il-safe-text)" },
  { tag: tags.comment, color: "var(--il-text-3)" },
]);

const numbers = new MatchDecorator({
  regexp: /(?<=[:[,-]\s+|\[)-?\d+(?:\.\d+)?(?=\s*(?:[,\]}#]|$))/g,
  decoration: Decoration.mark({ class: "cm-number" }),
});
/** The YAML reader does not tell a number from a name. */
const numberMarks = ViewPlugin.define(
  (view) => ({
    marks: numbers.createDeco(view),
    update(update) {
      this.marks = numbers.updateDeco(update, this.marks);
    },
  }),
  { decorations: (plugin) => plugin.marks },
);

export const editorLook = [look, syntaxHighlighting(words), numberMarks];
