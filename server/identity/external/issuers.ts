import { identity } from '#contract'
import { type FetchRefusal, FetchRefused, problem } from '../../sdk/index.ts'
import type { ProviderRow } from './providers.ts'

const google = 'https://accounts.google.com'
const github = 'https://github.com'

/** Whose accounts these are: part of what is stored of each, so that two servers never share a person. */
export function issuerOf({ kind, issuer }: Pick<ProviderRow, 'kind' | 'issuer'>): string {
  const text = issuer ?? (kind === 'github' ? github : google)
  return kind === 'github' ? text.replace(/\/+$/, '') : text
}

/** Reads an issuer; throws identity.bad-issuer. Plain http only where private issuers are allowed. */
export function readIssuer(row: Pick<ProviderRow, 'kind' | 'issuer'>, allowPrivateIssuers: boolean): URL {
  const text = issuerOf(row)
  if (!URL.canParse(text)) throw badIssuer('The issuer is no web address; write it as https://login.example.')
  const url = new URL(text)
  const mayBe = allowPrivateIssuers ? ['https:', 'http:'] : ['https:']
  if (!mayBe.includes(url.protocol)) throw badIssuer('The issuer has to begin with https://.')
  if (url.username || url.password || url.search || url.hash)
    throw badIssuer('The issuer is an address without user name, question mark and hash.')
  if (url.pathname.includes('/.well-known/'))
    throw badIssuer('Leave out /.well-known/ and what follows; the issuer is what comes before.')
  return url
}

const sentences: Partial<Record<FetchRefusal, string>> = {
  malformed: 'The issuer leads to an address that is not asked.',
  'private-address':
    'The issuer is on this machine or a private network; security.allowPrivateIssuers has to allow that.',
  'too-slow': 'The issuer does not answer in time.',
  'too-large': 'The issuer answers with more than a configuration.',
  unreachable: 'The issuer cannot be reached; check the address.',
}

/** One sentence for who entered the issuer; nothing of what it answered. */
export function explainIssuer(error: unknown): Error {
  const refused = [error, (error as Error | null)?.cause].find((one) => one instanceof FetchRefused)
  const sentence = refused && sentences[refused.reason]
  return badIssuer(sentence ?? 'There is no OpenID Connect issuer of exactly this address.')
}

export const badIssuer = (message: string): Error =>
  problem(identity.badIssuer, message, { errors: [{ pointer: '/issuer', message }] })
