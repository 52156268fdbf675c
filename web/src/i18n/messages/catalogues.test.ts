import { describe, expect, it } from "vitest";
import type { Plural } from "../i18n";
import { drawsEn } from "./draws.en";
import { drawsRu } from "./draws.ru";
import { drawsUk } from "./draws.uk";
import { en } from "./en";
import { peopleEn } from "./people.en";
import { peopleRu } from "./people.ru";
import { peopleUk } from "./people.uk";
import { playEn } from "./play.en";
import { playRu } from "./play.ru";
import { playUk } from "./play.uk";
import { ru } from "./ru";
import { settingsEn } from "./settings.en";
import { settingsRu } from "./settings.ru";
import { settingsUk } from "./settings.uk";
import { uk } from "./uk";

type Words = Readonly<Record<string, string | Plural>>;

/** The same in any language. */
const ALIKE = /^(Parlour|[^\p{L}]*)$/u;
/** A command, and two values with a dash between. */
const WITHOUT_WORDS = new Set(["draws.file.hint", "play.chart.between"]);
/** What every page has, and the areas that come with some. */
const ENGLISH_PARTS: readonly Words[] = [en, drawsEn, peopleEn, playEn, settingsEn];
const ENGLISH: Words = Object.assign({}, ...ENGLISH_PARTS);
const WORDS: Readonly<Record<string, Words>> = {
  uk: { ...uk, ...drawsUk, ...peopleUk, ...playUk, ...settingsUk },
  ru: { ...ru, ...drawsRu, ...peopleRu, ...playRu, ...settingsRu },
};

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
    expect(left.filter((key) => !WITHOUT_WORDS.has(key))).toEqual([]);
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

describe("a key", () => {
  it("stands in one part only, so that it says the same wherever one comes from", () => {
    const keys = ENGLISH_PARTS.flatMap((part) => Object.keys(part));
    expect(keys.filter((key, place) => keys.indexOf(key) < place)).toEqual([]);
  });
});

/** What is named twice in English may be named once elsewhere. */
function repeats(words: string | Plural | undefined): boolean {
  return forms(words).some((form) => new Set(places(form).split(",")).size < places(form).split(",").length);
}
