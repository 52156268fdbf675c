/** Lists that the server gives out page by page. */

export const PAGE = 100;
/** More than anybody reads; a list that is longer is cut off here. */
const LONGEST = 2_000;

export async function everyPage<T>(
  read: (where: { limit: number; offset: number }) => Promise<readonly T[]>,
) {
  const found: T[] = [];
  for (let offset = 0; offset < LONGEST; offset += PAGE) {
    const page = await read({ limit: PAGE, offset });
    found.push(...page);
    if (page.length < PAGE) break;
  }
  return found;
}
