import { createHash } from 'node:crypto'
import { z } from '#contract'
import { guardedFetch } from '../../http-client/index.ts'
import type { IdentityParts } from '../parts.ts'
import { badIssuer, explainIssuer, issuerOf, readIssuer } from './issuers.ts'
import { type ExternalDoor, toPerson } from './person.ts'
import { openSecret, type ProviderRow } from './providers.ts'

type Parts = Pick<IdentityParts, 'keyring' | 'allowPrivateIssuers'>

const Token = z.object({ access_token: z.string().min(1) })
const User = z.object({ id: z.number().int().positive(), login: z.string(), name: z.string().nullish() })
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/** GitHub and GitHub Enterprise: OAuth 2 with PKCE, then the API says who it is; there is no id token. */
export function createGithub(parts: Parts): ExternalDoor {
  const { allowPrivateIssuers: allowPrivate } = parts
  const ask = async <T>(schema: z.ZodType<T>, url: string, init: Parameters<typeof guardedFetch>[1]) => {
    const headers = { accept: 'application/json', 'user-agent': 'Veza', ...init?.headers }
    const response = await guardedFetch(url, { ...init, headers, allowPrivate })
    if (!response.ok) throw new Error(`GitHub answered ${response.status}.`)
    return schema.parse(await response.json())
  }
  return {
    address: async (row, { state, verifier, redirectUri }) => {
      const url = new URL(`${readIssuer(row, allowPrivate).href.replace(/\/+$/, '')}/login/oauth/authorize`)
      url.search = new URLSearchParams({
        client_id: row.clientId,
        redirect_uri: redirectUri,
        scope: 'read:user user:email',
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString()
      return url.href
    },
    personOf: async (row, { verifier, redirectUri }, query) => {
      const { access_token } = await ask(Token, `${issuerOf(row)}/login/oauth/access_token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: row.clientId,
          client_secret: openSecret(parts, row) ?? '',
          code: query.get('code') ?? '',
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }),
      })
      const signed = { headers: { authorization: `Bearer ${access_token}` } }
      const user = await ask(User, `${apiOf(row)}/user`, signed)
      const emails = await ask(Emails, `${apiOf(row)}/user/emails`, signed)
      const email = emails.find(({ primary, verified }) => primary && verified)?.email
      return toPerson({
        issuer: issuerOf(row),
        // The number stays when the login is changed, and is never given to somebody else.
        subject: String(user.id),
        email,
        isEmailVerified: email !== undefined,
        name: user.name ?? user.login,
        username: user.login,
      })
    },
    check: async (row) => {
      readIssuer(row, allowPrivate)
      const response = await guardedFetch(`${apiOf(row)}/user`, { allowPrivate }).catch((error: unknown) => {
        throw explainIssuer(error)
      })
      // Nobody is signed in yet: GitHub says so, anything else is no GitHub.
      if (response.status !== 401 && response.status !== 403)
        throw badIssuer('There is no GitHub server at this address.')
    },
  }
}

const apiOf = (row: ProviderRow): string =>
  issuerOf(row) === 'https://github.com' ? 'https://api.github.com' : `${issuerOf(row)}/api/v3`
