/** A new id for a message. Not `randomUUID`: that is missing on plain http, as in a studio's own network. */
export function newClientId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
