/** Names that would pass for the label itself or clash with addresses. */
const reserved = [
  'account',
  'admin',
  'administrator',
  'api',
  'artists',
  'assets',
  'chat',
  'deleted',
  'everyone',
  'guest',
  'help',
  'here',
  'hls',
  'label',
  'live',
  'login',
  'media',
  'moderator',
  'null',
  'official',
  'owner',
  'postmaster',
  'register',
  'root',
  'security',
  'setup',
  'staff',
  'support',
  'system',
  'undefined',
  'veza',
  'webmaster',
]

/**
 * What a name looks like at a glance: signs that are taken for each other become one (after Unicode TR 39, for the
 * few that a username may have), separators go. `0fficia1_` -> `officiai`.
 */
export function skeleton(username: string): string {
  return username
    .replace(/[-_]/g, '')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/cl/g, 'd')
    .replace(/[1l|]/g, 'i')
    .replace(/0/g, 'o')
    .replace(/5/g, 's')
    .replace(/3/g, 'e')
    .replace(/4/g, 'a')
    .replace(/8/g, 'b')
}

const reservedLooks = new Set(reserved.map(skeleton))

/** Whether a username is, or at a glance looks like, one that is kept for the label. */
export const isReserved = (username: string): boolean => reservedLooks.has(skeleton(username))
