/** When an id was made, in ms since 1970: RFC 9562, section 5.7, its first 48 bits. */
export const idTime = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
