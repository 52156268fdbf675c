import { t } from "../../i18n/i18n";

/** Without names where it can only be one. */
export function Typing({ names }: { names: readonly string[] }) {
  const [one = "", other = ""] = names;
  const words =
    names.length === 0
      ? t("typing.they")
      : names.length === 1
        ? t("typing.one", { who: one })
        : names.length === 2
          ? t("typing.two", { who: one, other })
          : t("typing.many", { count: names.length });
  return (
    <span class="typing">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {words}
    </span>
  );
}
