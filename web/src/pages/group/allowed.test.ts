import { describe, expect, it } from "vitest";
import { allowed, outranks } from "./allowed";

describe("what is offered in a group", () => {
  it("grows with the role", () => {
    const count = (role: "member" | "admin" | "owner") =>
      Object.values(allowed({ role, members_may_invite: false })).filter((one) => one === true).length;
    expect([count("member"), count("admin"), count("owner")]).toEqual([0, 3, 6]);
  });

  it("lets members invite where the group does", () => {
    expect(allowed({ role: "member", members_may_invite: true }).invite).toBe(true);
  });

  it("is nothing against one's own rank or above, and nothing at all for members", () => {
    expect(outranks("owner", "admin")).toBe(true);
    expect(outranks("admin", "member")).toBe(true);
    expect(outranks("admin", "admin")).toBe(false);
    expect(outranks("admin", "owner")).toBe(false);
    expect(outranks("member", "member")).toBe(false);
  });
});
