import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import s from "./auth-frame.module.css";
import type { EnvironmentKind } from "./environment";
import { Mark } from "./mark";

/** Sign-in and set-up: the mark, one box, a note below it, and what server this is at the foot. */
export function AuthFrame({
  title,
  children,
  note,
  foot,
}: {
  title: string;
  children: ReactNode;
  note?: ReactNode;
  foot?: string[];
}) {
  return (
    <div className={s.page}>
      <main className={s.center}>
        <div className={s.card}>
          <div className={s.brand}>
            <Mark size={22} />
            Interlock
          </div>
          <div className={s.box}>
            <h1>{title}</h1>
            {children}
          </div>
          {note && <p className={s.note}>{note}</p>}
        </div>
      </main>
      {foot && (
        <footer className={s.foot}>
          {foot.map((each) => (
            <span key={each}>{each}</span>
          ))}
        </footer>
      )}
    </div>
  );
}

/** "or with a local account". */
export function AuthDivider({ children }: { children: ReactNode }) {
  return <div className={s.or}>{children}</div>;
}

export type SetUpStep = { label: string; state: "done" | "current" | "open" };

/** First visit: steps at the top, a wide page below. `kind` colours the band once the environment is known. */
export function SetUpFrame(props: {
  steps: SetUpStep[];
  kind?: EnvironmentKind;
  title?: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}) {
  const { steps, kind, title, lead, children } = props;
  return (
    <div className={s.setUp} data-kind={kind}>
      <header className={s.top}>
        <div className={s.brand}>
          <Mark />
          <span>Interlock</span>
        </div>
        <ol className={s.steps} aria-label="Steps">
          {steps.map((step, index) => (
            <li key={step.label} data-state={step.state} aria-current={step.state === "current" ? "step" : undefined}>
              <i aria-hidden>{step.state === "done" ? <IconCheck size={11} stroke={3} /> : index + 1}</i>
              <span>{step.label}</span>
              {step.state === "done" && <span className="il-sr"> (done)</span>}
            </li>
          ))}
        </ol>
      </header>
      <main className={s.wrap}>
        {title && (
          <div>
            <h1>{title}</h1>
            {lead && <p className={s.lead}>{lead}</p>}
          </div>
        )}
        {children}
      </main>
    </div>
  );
}

/** A secret shown once, above the snippets that use it. */
export function SecretStrip({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={s.secret}>
      <div>{children}</div>
      {action}
    </div>
  );
}
