import { IconHandStop, IconPlayerPause, IconShieldHalf } from "@tabler/icons-react";
import { SET_MODES, type SetMode } from "../search-params";
import c from "./mode-cards.module.css";
import s from "./set.module.css";

const CARDS = {
  safe_mode: { Icon: IconShieldHalf, word: "SAFE MODE", what: "Only safe tools, one attempt each. Runs go on." },
  pause: { Icon: IconPlayerPause, word: "PAUSE", what: "Runs hold where they are. None starts." },
  stop: { Icon: IconHandStop, word: "STOP", what: "Runs end with kill_switch. Children too. None starts." },
} as const;

/** `only` is why the other two cannot be chosen. */
export function ModeCards(props: { value: SetMode; only?: string; onChange: (mode: SetMode) => void }) {
  const { value, only, onChange } = props;
  return (
    <fieldset className={s.field}>
      <legend>Do what</legend>
      <div className={c.modes}>
        {SET_MODES.map((mode) => {
          const { Icon, word, what } = CARDS[mode];
          return (
            <label
              key={mode}
              className={c.mode}
              data-mode={mode}
              data-on={value === mode || undefined}
              data-off={(only && mode !== "stop") || undefined}
            >
              <input
                type="radio"
                name="mode"
                value={mode}
                checked={value === mode}
                disabled={only !== undefined && mode !== "stop"}
                onChange={() => onChange(mode)}
              />
              <Icon size={18} aria-hidden />
              <b>{word}</b>
              <p>{what}</p>
            </label>
          );
        })}
      </div>
      {only && <p className={s.hint}>{only}</p>}
    </fieldset>
  );
}
