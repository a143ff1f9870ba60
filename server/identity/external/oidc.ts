import * as oidc from 'openid-client'
import { guardedFetch } from '../../http-client/index.ts'
import type { IdentityParts } from '../parts.ts'
import { explainIssuer, readIssuer } from './issuers.ts'
import { type ExternalDoor, toPerson } from './person.ts'
import { openSecret, type ProviderRow } from './providers.ts'

/** How long the configuration of an issuer is believed. */
const freshMs = 3_600_000

type Parts = Pick<IdentityParts, 'keyring' | 'now' | 'allowPrivateIssuers'>

/**
 * OpenID Connect by authorization code with PKCE (RFC 9700): issuer, nonce, signature and the issuer named in the
 * address (RFC 9207) are checked by openid-client; every request goes through the guard.
 */
export function createOidc(parts: Parts): ExternalDoor {
  const kept = new Map<string, { config: oidc.Configuration; until: number; row: string }>()
  const configOf = async (row: ProviderRow) => {
    const known = kept.get(row.name)
    const same = JSON.stringify([row.issuer, row.clientId, row.clientSecret])
    const now = parts.now().getTime()
    if (known && known.until > now && known.row === same) return known.config
    const config = await discover(parts, row)
    kept.set(row.name, { config, until: now + freshMs, row: same })
    return config
  }
  return {
    address: async (row, { state, nonce, verifier, redirectUri }) => {
      const url = oidc.buildAuthorizationUrl(await configOf(row), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      return url.href
    },
    personOf: async (row, { state, nonce, verifier, redirectUri }, query) => {
      const config = await configOf(row)
      const tokens = await oidc.authorizationCodeGrant(config, new URL(`${redirectUri}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('There is no id token.')
      const hasMore = claims.email === undefined && config.serverMetadata().userinfo_endpoint !== undefined
      const more = hasMore ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) : {}
      const all: Record<string, unknown> = { ...more, ...claims }
      return toPerson({
        issuer: claims.iss,
        subject: claims.sub,
        email: all.email,
        // Some servers write it as text.
        isEmailVerified: all.email_verified === true || all.email_verified === 'true',
        name: all.name,
        username: all.preferred_username,
      })
    },
    check: async (row) => {
      readIssuer(row, parts.allowPrivateIssuers)
      await discover(parts, row).catch((error: unknown) => {
        throw explainIssuer(error)
      })
    },
  }
}

async function discover(parts: Parts, row: ProviderRow): Promise<oidc.Configuration> {
  const { allowPrivateIssuers: allowPrivate } = parts
  const guarded: oidc.CustomFetch = (url, { method, headers, body, signal }) =>
    guardedFetch(url, {
      method,
      headers,
      body: readBody(body),
      allowPrivate,
      ...(signal ? { signal } : {}),
    })
  const secret = openSecret(parts, row)
  const found = await oidc.discovery(readIssuer(row, allowPrivate), row.clientId, undefined, oidc.None(), {
    [oidc.customFetch]: guarded,
    ...(allowPrivate ? { execute: [oidc.allowInsecureRequests] } : {}),
  })
  const metadata = found.serverMetadata()
  const config = new oidc.Configuration(metadata, row.clientId, undefined, authOf(metadata, secret))
  config[oidc.customFetch] = guarded
  if (allowPrivate) oidc.allowInsecureRequests(config)
  // The signature of the id token is checked also where it came straight from the server.
  oidc.enableNonRepudiationChecks(config)
  return config
}

/** Basic is what a server has to know (RFC 6749, section 2.3.1) unless it says otherwise. */
function authOf(metadata: oidc.ServerMetadata, secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None()
  const known = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return known.includes('client_secret_post') ? oidc.ClientSecretPost(secret) : oidc.ClientSecretBasic(secret)
}

function readBody(body: oidc.CustomFetchOptions['body']): string | Uint8Array | URLSearchParams | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof URLSearchParams) return body
  throw new TypeError('No stream is sent.')
}
