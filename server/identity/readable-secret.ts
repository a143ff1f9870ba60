import { randomBytes } from 'node:crypto'

/** 32 letters and digits that nobody mistakes for another: five bits each (Crockford's base32, in small letters). */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/** A random secret people can copy by hand: groups of letters and digits with hyphens between, 5 bits a letter. */
export function readableSecret({ groups, size }: { groups: number; size: number }): string {
  const text = [...randomBytes(groups * size)].map((byte) => letters[byte & 31]).join('')
  return Array.from({ length: groups }, (_, at) => text.slice(at * size, (at + 1) * size)).join('-')
}

/** What somebody copied, as it was made: spaces, hyphens and look-alike letters do not matter. */
export const readBack = (text: string): string =>
  text.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
