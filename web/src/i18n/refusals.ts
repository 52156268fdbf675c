/** Why something did not work, for whoever wanted it. */

import { Refusal, Unreachable } from "../wire/http";
import { hasWords, t } from "./i18n";

/** In the reader's language where we have the words, else as the server says it. */
export function explain(error: unknown): string {
  if (error instanceof Unreachable) return t("error.unreachable");
  if (error instanceof Refusal) return explainCode(error.code, error.detail);
  console.error(error);
  return t("error.internal_error");
}

export function explainCode(code: string, detail = ""): string {
  const key = `error.${code}`;
  return hasWords(key) ? t(key) : detail || t("error.internal_error");
}
