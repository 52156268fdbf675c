/** Forms that say what is wrong where it is wrong. */

import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../i18n/i18n";
import { explain } from "../i18n/refusals";
import { Refusal } from "../wire/http";

export interface Submission {
  readonly busy: boolean;
  /** What went wrong, unless a field says it. */
  readonly trouble: string;
  /** By the field's name. */
  readonly wrong: Readonly<Record<string, string>>;
  submit(event: Event): void;
  clear(): void;
}

/** `act` gets the fields by their names. `about` says which field a refusal's code is about. */
export function useForm(
  act: (fields: Record<string, string>) => Promise<unknown>,
  about: Readonly<Record<string, string>> = {},
): Submission {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const clear = () => {
    setTrouble("");
    setWrong({});
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = Object.fromEntries(new FormData(form)) as Record<string, string>;
    setBusy(true);
    clear();
    try {
      await act(fields);
    } catch (error) {
      const field = error instanceof Refusal ? (about[error.code] ?? error.errors[0]?.field) : undefined;
      if (field && form.elements.namedItem(field)) {
        setWrong({ [field]: explain(error) });
        (form.elements.namedItem(field) as HTMLElement).focus();
      } else setTrouble(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, trouble, wrong, submit: (event) => void submit(event), clear };
}

interface FieldLooks {
  name: string;
  label: string;
  hint?: string;
  of?: Submission;
  type?: "text" | "email" | "password" | "search";
  value?: string;
  autocomplete?: string;
  autocapitalize?: "none";
  autofocus?: boolean;
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

export function Field({ name, label, hint, of, type = "text", ...input }: FieldLooks) {
  const id = useId();
  const wrong = of?.wrong[name];
  const note = wrong ?? hint;
  const said = { ...(wrong && { "aria-invalid": true }), ...(note && { "aria-describedby": `${id}-note` }) };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {/* Preact has a type of input for each value of `type`; ours is decided by whoever asks. */}
      <input {...({ id, name, type, ...input, ...said } as JSX.IntrinsicElements["input"])} />
      {note && (
        <span id={`${id}-note`} class={wrong ? "note note-wrong" : "note"}>
          {note}
        </span>
      )}
    </p>
  );
}

/** Where somebody sets a password, which the server wants to be this long. */
export function NewPasswordField(looks: Pick<FieldLooks, "name" | "label" | "of" | "autofocus">) {
  return (
    <Field
      {...looks}
      type="password"
      hint={t("register.password.hint")}
      autocomplete="new-password"
      minLength={8}
      required
    />
  );
}

export function Trouble({ of }: { of: Submission }) {
  return (
    <p class="trouble" role="alert" hidden={!of.trouble}>
      {of.trouble}
    </p>
  );
}

interface ButtonLooks {
  busy?: boolean;
  children: ComponentChildren;
  kind?: "plain" | "quiet" | "danger";
  type?: "submit" | "button";
  disabled?: boolean;
  /** At the end of a line of a list. */
  small?: boolean;
  onClick?: (event: MouseEvent) => void;
}

export function Button({
  busy = false,
  children,
  kind,
  type = "button",
  disabled = false,
  small = false,
  onClick,
}: ButtonLooks) {
  return (
    <button
      type={type}
      class={`button ${kind ? `button-${kind}` : ""} ${small ? "button-small" : ""}`}
      aria-busy={busy}
      aria-disabled={busy}
      disabled={disabled}
      onClick={(event) => {
        // Not disabled: it would lose the focus of whoever has pressed it by a key, and wants to press it again.
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
