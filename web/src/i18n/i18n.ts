/** Words in the reader's language. A catalogue is loaded when its language is first asked for. */

import { computed, signal } from "@preact/signals";
import type { drawsEn } from "./messages/draws.en";
import type { en } from "./messages/en";
import type { peopleEn } from "./messages/people.en";
import type { playEn } from "./messages/play.en";
import type { settingsEn } from "./messages/settings.en";

export type Language = "en" | "uk" | "ru";
type Words = typeof en & typeof drawsEn & typeof peopleEn & typeof playEn & typeof settingsEn;
export type Key = keyof Words;
/** One form for each category that `Intl.PluralRules` knows in the language; chosen by the value `count`. */
export type Plural = { readonly other: string } & { readonly [C in Intl.LDMLPluralRule]?: string };
/** The same words in another language. */
export type Part<Of> = { readonly [K in keyof Of]: Of[K] extends string ? string : Plural };
export type Catalogue = Part<typeof en>;
/** Words that only some pages need, and that come with them. */
export type Area = "draws" | "people" | "play" | "settings";
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
/** To add one: a line here, its name above, and `withWords` around its pages in shell/routes.ts. */
const AREAS: Record<Area, Record<Language, () => Promise<Partial<Part<Words>>>>> = {
  draws: {
    en: async () => (await import("./messages/draws.en")).drawsEn,
    uk: async () => (await import("./messages/draws.uk")).drawsUk,
    ru: async () => (await import("./messages/draws.ru")).drawsRu,
  },
  people: {
    en: async () => (await import("./messages/people.en")).peopleEn,
    uk: async () => (await import("./messages/people.uk")).peopleUk,
    ru: async () => (await import("./messages/people.ru")).peopleRu,
  },
  play: {
    en: async () => (await import("./messages/play.en")).playEn,
    uk: async () => (await import("./messages/play.uk")).playUk,
    ru: async () => (await import("./messages/play.ru")).playRu,
  },
  settings: {
    en: async () => (await import("./messages/settings.en")).settingsEn,
    uk: async () => (await import("./messages/settings.uk")).settingsUk,
    ru: async () => (await import("./messages/settings.ru")).settingsRu,
  },
};
const KEPT = "parlour.language";
const wanted = new Set<Area>();
let arriving = Promise.resolve();

export const language = signal<Language>("en");
/** The language as the reader's own region writes dates and numbers, where the browser names it. */
export const locale = computed(
  () => globalThis.navigator?.languages.find((tag) => tag.startsWith(language.value)) ?? language.value,
);
const catalogue = signal<Partial<Part<Words>>>({});

const plurals = computed(() => new Intl.PluralRules(language.value));
const numbers = computed(() => new Intl.NumberFormat(locale.value));

/** The chosen language, or the first of the browser's that we speak. */
export function preferred(kept: string | null, wanted: readonly string[]): Language {
  const spoken = [kept ?? "", ...wanted].map((tag) => tag.slice(0, 2).toLowerCase());
  return (spoken.find((tag) => tag in LANGUAGES) as Language | undefined) ?? "en";
}

export async function speak(chosen: Language): Promise<void> {
  const parts = await Promise.all([LOADERS[chosen](), ...[...wanted].map((area) => AREAS[area][chosen]())]);
  catalogue.value = Object.assign({}, ...parts);
  language.value = chosen;
  document.documentElement.lang = chosen;
}

/** Before a page is shown that needs these words; from then on they are there in any language. */
export async function speakOf(areas: readonly Area[]): Promise<void> {
  const missing = areas.filter((area) => !wanted.has(area));
  for (const area of missing) wanted.add(area);
  if (missing.length) arriving = speak(language.peek());
  await arriving;
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
