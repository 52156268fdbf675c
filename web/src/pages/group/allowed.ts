/** Who may do what in a group: the table of docs/guide/groups.md, so that nobody is offered what would be refused. */

import type { Conversation, Member } from "../../wire/shapes";

export type Role = Member["role"];

export interface May {
  readonly invite: boolean;
  readonly change: boolean;
  readonly ban: boolean;
  readonly appoint: boolean;
  readonly retain: boolean;
  readonly end: boolean;
  readonly role: Role;
}

const RANK: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 };

export function allowed({
  role,
  members_may_invite,
}: Pick<Conversation, "role" | "members_may_invite">): May {
  const admin = RANK[role] >= RANK.admin;
  const owner = role === "owner";
  return {
    invite: admin || members_may_invite,
    change: admin,
    ban: admin,
    appoint: owner,
    retain: owner,
    end: owner,
    role,
  };
}

/** Nobody acts on somebody of their own rank or above. */
export function outranks(role: Role, other: Role): boolean {
  return RANK[role] >= RANK.admin && RANK[role] > RANK[other];
}
