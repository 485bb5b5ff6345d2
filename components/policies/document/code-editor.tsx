"use client";

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { completeWith, type Names } from "./complete";
import { editorLook } from "./editor-theme";
import { named, type Problem, repairHere, showPlace, tellProblems, told } from "./said";
import type { JsonSchema } from "./schema-at";
import type { Format } from "./text";

export type Place = { line: number; column: number };
export type CodeEditorProps = {
  label: string;
  text: string;
  format: Format;
  readOnly?: boolean;
  problems: Problem[];
  schema?: JsonSchema;
  names: Names;
  /** Where to go; `n` tells one going from the next. Without `focus` the line is only shown. */
  goTo?: { at: number; n: number; focus: boolean } | null;
  onChange?: (text: string) => void;
  onPlace?: (place: Place) => void;
  onSave?: () => void;
};

const languageOf = (format: Format): Extension => (format === "json" ? json() : yaml());
const may = (readOnly: boolean | undefined): Extension => [
  EditorState.readOnly.of(readOnly ?? false),
  EditorView.editable.of(!readOnly),
  // what cannot be edited can still be scrolled and read by keyboard
  EditorView.contentAttributes.of(readOnly ? { tabindex: "0", "aria-readonly": "true" } : {}),
];

/** CodeMirror, kept in step with what the page holds. */
export default function CodeEditor(props: CodeEditorProps) {
  const { text, format, readOnly, problems, goTo } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const parts = useRef({ language: new Compartment(), access: new Compartment() });
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  // made once; what changes is given to it below
  useEffect(() => {
    const { current: now } = latest;
    const { language, access } = parts.current;
    const made = new EditorView({
      parent: host.current ?? undefined,
      state: EditorState.create({
        doc: now.text,
        extensions: [
          lineNumbers(),
          lintGutter({ tooltipFilter: () => [] }),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          told,
          named,
          autocompletion({
            override: [
              completeWith(
                () => latest.current.schema,
                () => latest.current.names,
                () => latest.current.format,
              ),
            ],
          }),
          language.of(languageOf(now.format)),
          access.of(may(now.readOnly)),
          EditorView.contentAttributes.of({ "aria-label": now.label, spellcheck: "false" }),
          keymap.of([
            {
              key: "Mod-s",
              preventDefault: true,
              run: () => {
                latest.current.onSave?.();
                return true;
              },
            },
            { key: "Mod-.", run: repairHere },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...lintKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
            if (!update.docChanged && !update.selectionSet) return;
            const at = update.state.selection.main.head;
            const line = update.state.doc.lineAt(at);
            latest.current.onPlace?.({ line: line.number, column: at - line.from + 1 });
          }),
          editorLook,
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === text) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(languageOf(format)) });
  }, [format]);
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.access.reconfigure(may(readOnly)) });
  }, [readOnly]);
  useEffect(() => {
    if (view.current) tellProblems(view.current, problems);
  }, [problems]);
  useEffect(() => {
    if (view.current && goTo) showPlace(view.current, goTo.at, goTo.focus);
  }, [goTo]);
  return <div ref={host} />;
}
