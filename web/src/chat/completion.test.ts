import { expect, test } from "vitest";
import { begun, completed, suggested } from "./completion";

const people = ["ada", "ben", "bernd", "carla.b"].map((username, index) => ({
  id: index + 1,
  username,
  first_name: username === "ada" ? "Берта" : "",
  last_name: "",
}));

test("a name begins with an @ that stands by itself", () => {
  expect(begun("Hello @be", 9)).toEqual({ from: 6, query: "be" });
  expect(begun("@", 1)).toEqual({ from: 0, query: "" });
  expect(begun("mail@be", 7)).toBeUndefined();
  expect(begun("Hello @be there", 15)).toBeUndefined();
  expect(begun("(@б", 3)).toEqual({ from: 1, query: "б" });
});

test("who is meant most likely comes first, and never oneself", () => {
  expect(suggested(people, "b", 9).map((one) => one.username)).toEqual(["ben", "bernd", "carla.b"]);
  expect(suggested(people, "бе", 9).map((one) => one.username)).toEqual(["ada"]);
  expect(suggested(people, "", 2).map((one) => one.username)).not.toContain("ben");
});

test("the whole name takes the place of what was begun, with one space after it", () => {
  expect(completed("Hello @be", 9, 6, "ben")).toEqual({ text: "Hello @ben ", caret: 11 });
  expect(completed("Hello @be and", 9, 6, "ben")).toEqual({ text: "Hello @ben and", caret: 10 });
});
