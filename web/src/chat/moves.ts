/** What a game asks for, read from the JSON Schema of its moves. Pure. */

export type Choice = string | number;

export interface Asked {
  readonly name: string;
  /** What may be chosen; nothing for a number within limits. */
  readonly choices?: readonly Choice[];
  readonly least?: number;
  readonly most?: number;
}

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: Choice[];
  type?: string;
  minimum?: number;
  maximum?: number;
}

/** Nothing where there is something that we know no field for. */
export function asked(schema: unknown): Asked[] | undefined {
  const whole = (schema ?? {}) as Schema;
  const move = whole.$ref ? whole.$defs?.[whole.$ref.split("/").at(-1) ?? ""] : whole;
  const fields = (move?.required ?? []).map((name) => field(name, move?.properties?.[name] ?? {}));
  return fields.length && fields.every((one) => one !== undefined) ? (fields as Asked[]) : undefined;
}

function field(name: string, { enum: choices, type, minimum, maximum }: Schema): Asked | undefined {
  if (choices) return { name, choices };
  if (type !== "integer") return undefined;
  return {
    name,
    ...(minimum !== undefined && { least: minimum }),
    ...(maximum !== undefined && { most: maximum }),
  };
}
