import { identity } from '#contract'
import { toDisplayName } from '../display-names.ts'
import { skeleton } from '../usernames.ts'
import type { ProviderRow } from './providers.ts'

/** Who came back from a provider. `issuer` and `subject` together are the person; the rest may change. */
export interface ExternalPerson {
  issuer: string
  subject: string
  email: string | null
  isEmailVerified: boolean
  name: string
  username: string
}

/** What one sign-in is bound to, kept between leaving and coming back. */
export interface Attempt {
  state: string
  nonce: string
  verifier: string
  redirectUri: string
}

/** One kind of provider: where to send the browser, who came back, and whether its settings are right. */
export interface ExternalDoor {
  address(row: ProviderRow, attempt: Attempt): Promise<string>
  /** Throws anything where the answer is not right; `query` is what the browser brought. */
  personOf(row: ProviderRow, attempt: Attempt, query: URLSearchParams): Promise<ExternalPerson>
  /** Throws identity.bad-issuer. */
  check(row: ProviderRow): Promise<void>
}

/** Longest subject the table takes (OpenID Connect Core, section 2: 255 ASCII characters). */
const longestSubject = 255

/** What a provider said, cut to what an account may hold. */
export function toPerson(said: {
  issuer: string
  subject: string
  email: unknown
  isEmailVerified: boolean
  name: unknown
  username: unknown
}): ExternalPerson {
  if (said.subject === '' || said.subject.length > longestSubject)
    throw new Error('The subject is not usable.')
  const email = identity.Email.safeParse(said.email).data ?? null
  const names = [said.username, email?.split('@')[0], said.name].map((text) => usernameFrom(text))
  const name = typeof said.name === 'string' ? (toDisplayName(said.name) ?? '') : ''
  return {
    issuer: said.issuer,
    subject: said.subject,
    email,
    isEmailVerified: email !== null && said.isEmailVerified,
    name,
    username: names.find((one) => one !== '') ?? '',
  }
}

/** A username that could be taken, from any name; empty where nothing of it is left. */
function usernameFrom(text: unknown): string {
  if (typeof text !== 'string') return ''
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
  const username = plain.slice(0, 30).replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return skeleton(username) !== '' && identity.Username.safeParse(username).success ? username : ''
}
