import { setDiagnostics } from "@codemirror/lint";
import { StateEffect, StateField, type Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

export type Problem = {
  from: number;
  to: number;
  severity: "error" | "warning";
  /** In bold, before the rest. */
  title: string;
  message: string;
  fix?: { label: string; insert: string };
};

/** The message as a boxed line under its line, with the fix at the right. */
class Said extends WidgetType {
  constructor(readonly problem: Problem) {
    super();
  }
  override eq(other: Said) {
    return JSON.stringify(this.problem) === JSON.stringify(other.problem);
  }
  override toDOM(view: EditorView) {
    const { severity, title, message, fix } = this.problem;
    const outer = document.createElement("div");
    outer.className = "cm-said";
    outer.dataset.t = severity;
    const box = document.createElement("div");
    outer.append(box);
    const words = document.createElement("span");
    const bold = document.createElement("b");
    bold.textContent = title;
    words.append(bold, message ? ` ${message}` : "");
    box.append(words);
    if (fix) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = fix.label;
      button.onclick = () => repair(view, this.problem);
      box.append(button);
    }
    return outer;
  }
}

const tell = StateEffect.define<Problem[]>();
type Told = { problems: Problem[]; boxes: DecorationSet };

function boxes(problems: Problem[], doc: Transaction["newDoc"]): DecorationSet {
  const lines = problems.map((problem) => {
    const at = doc.lineAt(Math.min(problem.from, doc.length)).to;
    return Decoration.widget({ widget: new Said(problem), block: true, side: 1 }).range(at);
  });
  return Decoration.set(lines, true);
}

/** What is wrong with the text, until it is said anew; it moves with the text. */
export const told = StateField.define<Told>({
  create: () => ({ problems: [], boxes: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(tell)) return { problems: effect.value, boxes: boxes(effect.value, transaction.newDoc) };
    if (!transaction.docChanged) return value;
    return {
      problems: value.problems.map((problem) => ({
        ...problem,
        from: transaction.changes.mapPos(problem.from),
        to: transaction.changes.mapPos(problem.to),
      })),
      boxes: value.boxes.map(transaction.changes),
    };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.boxes),
});

export function tellProblems(view: EditorView, given: Problem[]): void {
  const end = view.state.doc.length;
  const problems = given.map((each) => ({ ...each, from: Math.min(each.from, end), to: Math.min(each.to, end) }));
  view.dispatch(
    setDiagnostics(
      view.state,
      problems.map(({ from, to, severity, title, message }) => ({
        from,
        to,
        severity,
        message: `${title} ${message}`.trim(),
      })),
    ),
  );
  view.dispatch({ effects: tell.of(problems) });
}

function repair(view: EditorView, { from, to, fix }: Problem): boolean {
  if (!fix) return false;
  view.dispatch({ changes: { from, to, insert: fix.insert } });
  view.focus();
  return true;
}

/** The fix of the problem under the cursor, else of the first that has one. */
export function repairHere(view: EditorView): boolean {
  const at = view.state.selection.main.head;
  const line = view.state.doc.lineAt(at);
  const fixable = view.state.field(told).problems.filter((problem) => problem.fix);
  const here = fixable.find((problem) => problem.from >= line.from && problem.from <= line.to) ?? fixable[0];
  return here ? repair(view, here) : false;
}

const name = StateEffect.define<number | null>();
/** The line that somebody was sent to. */
export const named = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(name)) continue;
      if (effect.value === null) return Decoration.none;
      const line = transaction.newDoc.lineAt(Math.min(effect.value, transaction.newDoc.length));
      return Decoration.set([Decoration.line({ class: "cm-named" }).range(line.from)]);
    }
    return value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function showPlace(view: EditorView, at: number, focus: boolean): void {
  const place = Math.min(at, view.state.doc.length);
  view.dispatch({
    selection: { anchor: place },
    effects: [name.of(focus ? null : place), EditorView.scrollIntoView(place, { y: "center" })],
  });
  if (focus) view.focus();
}
