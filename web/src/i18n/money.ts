import { locale } from "./i18n";

/** An amount without a currency: prizes are notional. */
export function money(amount: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(locale.value, digits).format(amount);
}
