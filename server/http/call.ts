import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { notSignedIn } from '#contract'
import { type Account, type Call, problem } from '../sdk/index.ts'
import { plainAddress } from './plain-address.ts'

export interface Caller {
  account: Account | null
  sessionId: string | null
}

/** The request as handlers see it. */
export function createCall(ctx: Context, caller: Caller, address: string, isSecure: boolean): Call {
  return {
    account: caller.account,
    get me() {
      if (!caller.account) throw problem(notSignedIn)
      return caller.account
    },
    requestId: ctx.state.requestId as string,
    address,
    userAgent: ctx.get('user-agent'),
    language: languageOf(ctx),
    sessionId: caller.sessionId,
    header: (name) => ctx.get(name) || undefined,
    cookie: (name) => readCookie(ctx.req, name),
    query: (name) => new URLSearchParams(ctx.querystring).get(name) ?? undefined,
    setCookie: (name, value, options) => ctx.append('set-cookie', cookieText(name, value, isSecure, options)),
    setHeader: (name, value) => ctx.set(name, value),
    status: (code) => {
      ctx.status = code
    },
    can: (permission) => caller.account?.permissions.has(permission) ?? false,
  }
}

/** `en` or `fr`: the reader's own choice (cookie), else what the browser prefers. */
export function languageOf(ctx: Context): string {
  const chosen = readCookie(ctx.req, 'veza_language')
  return chosen === 'fr' || chosen === 'en' ? chosen : ctx.acceptsLanguages('en', 'fr') || 'en'
}

export function readCookie(req: IncomingMessage, name: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return decode(part.slice(at + 1).trim())
  }
  return undefined
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function cookieText(
  name: string,
  value: string | null,
  isSecure: boolean,
  options: { maxAgeMs?: number; path?: string; httpOnly?: boolean } = {},
): string {
  const maxAge =
    value === null ? 0 : options.maxAgeMs === undefined ? null : Math.floor(options.maxAgeMs / 1000)
  const parts = [`${name}=${encodeURIComponent(value ?? '')}`, `Path=${options.path ?? '/'}`, 'SameSite=Lax']
  if (options.httpOnly !== false) parts.push('HttpOnly')
  if (isSecure) parts.push('Secure')
  if (maxAge !== null) parts.push(`Max-Age=${maxAge}`)
  return parts.join('; ')
}

/** The caller's address; X-Forwarded-For counts only from a trusted proxy, and then its last untrusted entry. */
export function addressOf(req: IncomingMessage, trustedProxies: readonly string[]): string {
  const direct = plainAddress(req.socket.remoteAddress ?? '')
  if (!trustedProxies.includes(direct)) return direct
  const hops = String(req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => plainAddress(hop.trim()))
    .filter(Boolean)
  return hops.findLast((hop) => !trustedProxies.includes(hop)) ?? direct
}
