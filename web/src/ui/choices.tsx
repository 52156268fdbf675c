/** What is either on or off, and what is one of a few. Each takes effect at once, and says so when it could not. */

import { useId } from "preact/hooks";

interface SwitchLooks {
  label: string;
  hint?: string;
  on: boolean;
  disabled?: boolean;
  /** What was chosen is on its way. The focus stays. */
  busy?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, disabled = false, busy = false, onChange }: SwitchLooks) {
  const id = useId();
  return (
    <div class="switch">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        disabled={disabled}
        aria-disabled={busy}
        aria-describedby={hint ? `${id}-note` : undefined}
        onClick={(event) => busy && event.preventDefault()}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {hint && (
        <span id={`${id}-note`} class="note">
          {hint}
        </span>
      )}
    </div>
  );
}

interface ChoiceLooks<T extends string> {
  label: string;
  hint?: string;
  /** Each with its words, in their order. */
  of: readonly (readonly [T, string])[];
  chosen: T;
  disabled?: boolean;
  onChange: (chosen: T) => void;
}

export function Choice<T extends string>({ label, hint, of, chosen, disabled, onChange }: ChoiceLooks<T>) {
  const id = useId();
  return (
    <fieldset class="choice" aria-describedby={hint ? `${id}-note` : undefined}>
      <legend>{label}</legend>
      {hint && (
        <p id={`${id}-note`} class="note">
          {hint}
        </p>
      )}
      <div class="choice-row">
        {of.map(([value, words]) => (
          <label key={value}>
            <input
              type="radio"
              name={id}
              value={value}
              checked={value === chosen}
              disabled={disabled}
              onChange={() => onChange(value)}
            />
            <span>{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
