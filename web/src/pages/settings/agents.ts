/** What a login was made with, as far as a browser says so of itself. */

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** A program that is no browser goes by the name that it gives itself. */
export function deviceOf(agent: string): { browser: string; system: string } {
  const found = (list: readonly [RegExp, string][]) => list.find(([sign]) => sign.test(agent))?.[1] ?? "";
  return { browser: found(BROWSERS) || (agent.split(/[/ ]/)[0] ?? ""), system: found(SYSTEMS) };
}
