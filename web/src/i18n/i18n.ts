/** Words in the reader's language. A catalogue is loaded when its language is first asked for. */

import { computed, signal } from "@preact/signals";
import type { en } from "./messages/en";

export type Language = "en" | "uk" | "ru";
export type Key = keyof typeof en;
/** One form for each category that `Intl.PluralRules` knows in the language; chosen by the value `count`. */
export type Plural = { readonly other: string } & { readonly [C in Intl.LDMLPluralRule]?: string };
export type Catalogue = { readonly [K in Key]: (typeof en)[K] extends string ? string : Plural };
export type Values = Readonly<Record<string, string | number>>;

export const LANGUAGES: Readonly<Record<Language, string>> = {
  en: "English",
  uk: "Українська",
  ru: "Русский",
};

const LOADERS: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import("./messages/en")).en,
  uk: async () => (await import("./messages/uk")).uk,
  ru: async () => (await import("./messages/ru")).ru,
};
const KEPT = "parlour.language";

export const language = signal<Language>("en");
/** The language as the reader's own region writes dates and numbers, where the browser names it. */
export const locale = computed(
  () => globalThis.navigator?.languages.find((tag) => tag.startsWith(language.value)) ?? language.value,
);
const catalogue = signal<Partial<Catalogue>>({});

const plurals = computed(() => new Intl.PluralRules(language.value));
const numbers = computed(() => new Intl.NumberFormat(locale.value));

/** The chosen language, or the first of the browser's that we speak. */
export function preferred(kept: string | null, wanted: readonly string[]): Language {
  const spoken = [kept ?? "", ...wanted].map((tag) => tag.slice(0, 2).toLowerCase());
  return (spoken.find((tag) => tag in LANGUAGES) as Language | undefined) ?? "en";
}

export async function speak(chosen: Language): Promise<void> {
  catalogue.value = await LOADERS[chosen]();
  language.value = chosen;
  document.documentElement.lang = chosen;
}

export async function speakPreferred(): Promise<void> {
  await speak(preferred(localStorage.getItem(KEPT), navigator.languages));
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(KEPT, chosen);
  await speak(chosen);
}

export function t(key: Key, values: Values = {}): string {
  const text = catalogue.value[key] ?? key;
  const form =
    typeof text === "string" ? text : (text[plurals.value.select(Number(values.count))] ?? text.other);
  return filled(form, values);
}

/** Whether there are words for something that the server has named. */
export function hasWords(key: string): key is Key {
  return key in catalogue.value;
}

function filled(form: string, values: Values): string {
  return form.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : typeof value === "number" ? numbers.value.format(value) : value;
  });
}

export function formatNumber(value: number): string {
  return numbers.value.format(value);
}
