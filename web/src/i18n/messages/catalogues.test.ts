import { describe, expect, it } from "vitest";
import type { Plural } from "../i18n";
import { en } from "./en";
import { peopleEn } from "./people.en";
import { peopleRu } from "./people.ru";
import { peopleUk } from "./people.uk";
import { ru } from "./ru";
import { settingsEn } from "./settings.en";
import { settingsRu } from "./settings.ru";
import { settingsUk } from "./settings.uk";
import { uk } from "./uk";

type Words = Readonly<Record<string, string | Plural>>;

/** The same in any language. */
const ALIKE = /^(Parlour|[^\p{L}]*)$/u;
const WORDS: Readonly<Record<string, Words>> = {
  uk: { ...uk, ...peopleUk, ...settingsUk },
  ru: { ...ru, ...peopleRu, ...settingsRu },
};
const ENGLISH: Words = { ...en, ...peopleEn, ...settingsEn };

function forms(words: string | Plural | undefined): readonly string[] {
  return typeof words === "string" ? [words] : Object.values(words ?? {});
}

function places(text: string): string {
  return [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
}

describe.each(Object.entries(WORDS))("%s", (language, words) => {
  it("is said in its own words", () => {
    const left = Object.keys(ENGLISH).filter((key) =>
      forms(words[key]).some((form) => !/\p{Script=Cyrillic}/u.test(form) && !ALIKE.test(form)),
    );
    expect(left).toEqual([]);
  });

  it("has a place for each value that English has", () => {
    const lost = Object.keys(ENGLISH).filter((key) => {
      const wanted = new Set(forms(ENGLISH[key]).map(places));
      return typeof ENGLISH[key] === "string" && forms(words[key]).some((form) => !wanted.has(places(form)));
    });
    expect(lost.filter((key) => !repeats(ENGLISH[key]))).toEqual([]);
  });

  it("counts as the language does", () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const one of Object.values(words)) {
      if (typeof one !== "string") expect(Object.keys(one).sort()).toEqual(wanted);
    }
  });
});

/** What is named twice in English may be named once elsewhere. */
function repeats(words: string | Plural | undefined): boolean {
  return forms(words).some((form) => new Set(places(form).split(",")).size < places(form).split(",").length);
}
