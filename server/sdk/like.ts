/**
 * The pattern of "has this in it", in lower case: for `lower(column) like ? escape '!'`, which both databases read
 * alike (ILIKE has no escape sign in SQLite).
 */
export const likePattern = (text: string): string =>
  `%${text
    .trim()
    .toLowerCase()
    .replace(/[!%_]/g, (sign) => `!${sign}`)}%`
