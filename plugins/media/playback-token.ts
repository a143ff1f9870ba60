import { createHash } from 'node:crypto'
import type { PluginContext } from '#sdk'
import type { Audience } from './contract.ts'

type Signer = PluginContext['signer']
type Headers = { cookie?: string | undefined; authorization?: string | undefined }

const dayS = 86_400
const hourS = 3600
const rememberedTokens = 10_000

/**
 * Signs addresses of sound: `<expiry in base 36>.<signature>` over the asset, its epoch and who may play. Public ones
 * end with tomorrow (UTC) and are the same for everybody all day; bound ones end with the sixth hour, the running one
 * being the first, and work only beside the cookie or token they were given to.
 */
export class PlaybackTokens {
  readonly #signer: Signer
  readonly #cookieName: string
  readonly #now: () => number
  /** Signatures found good, with what they sign: spares an HMAC for each range. */
  readonly #good = new Set<string>()
  readonly #given = new Map<string, string>()

  constructor(signer: Signer, cookieName: string, now: () => number = Date.now) {
    this.#signer = signer
    this.#cookieName = cookieName
    this.#now = now
  }

  /** `/audio/<token>/<asset>` and when it ends. */
  address(asset: { id: string; epoch: number }, audience: Audience): { base: string; expiresAt: Date } {
    const nowS = Math.floor(this.#now() / 1000)
    const isPublic = audience === 'public'
    // By the hour, so that a page asked for twice gives the same addresses.
    const expiryS = isPublic ? (Math.floor(nowS / dayS) + 2) * dayS : (Math.floor(nowS / hourS) + 6) * hourS
    const expiry = expiryS.toString(36)
    const who = isPublic ? 'public' : markOf(audience.boundTo)
    const signature = this.#sign(signedText(asset, expiry, who))
    return { base: `/audio/${expiry}.${signature}/${asset.id}`, expiresAt: new Date(expiryS * 1000) }
  }

  /** To whom the token is good at this moment; null to nobody, or not to who sends these headers. */
  check(
    token: string,
    asset: { id: string; epoch: number },
    headers: Headers,
  ): { isPublic: boolean; secondsLeft: number } | null {
    const dot = token.indexOf('.')
    const expiry = token.slice(0, Math.max(dot, 0))
    const nowS = this.#now() / 1000
    if (!/^[0-9a-z]{5,8}$/.test(expiry) || Number.parseInt(expiry, 36) <= nowS) return null
    const signature = token.slice(dot + 1)
    const secondsLeft = Math.floor(Number.parseInt(expiry, 36) - nowS)
    if (this.#isSigned(signedText(asset, expiry, 'public'), signature)) return { isPublic: true, secondsLeft }
    for (const secret of this.#secretsOf(headers))
      if (this.#isSigned(signedText(asset, expiry, markOf(secret)), signature))
        return { isPublic: false, secondsLeft }
    return null
  }

  /** What a caller's addresses are bound to. */
  audienceOf(headers: Headers): Audience {
    const [secret] = this.#secretsOf(headers)
    return secret === undefined ? 'public' : { boundTo: secret }
  }

  /** A token is what counts where there is one; name and password may be a proxy's, which all its people share. */
  #secretsOf({ cookie, authorization = '' }: Headers): string[] {
    const [, scheme = '', given = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization.trim()) ?? []
    const session = cookieOf(cookie, this.#cookieName)
    const byHeader = given ? [`${scheme.toLowerCase()} ${given}`] : []
    const byCookie = session ? [`cookie ${session}`] : []
    return scheme.toLowerCase() === 'basic' ? [...byCookie, ...byHeader] : [...byHeader, ...byCookie]
  }

  #isSigned(text: string, signature: string): boolean {
    const key = `${text} ${signature}`
    if (this.#good.has(key)) return true
    if (!this.#signer.verify('audio', text, signature)) return false
    if (this.#good.size >= rememberedTokens) this.#good.clear()
    this.#good.add(key)
    return true
  }

  #sign(text: string): string {
    const given = this.#given.get(text)
    if (given !== undefined) return given
    const signature = this.#signer.sign('audio', text)
    if (this.#given.size >= rememberedTokens) this.#given.clear()
    this.#given.set(text, signature)
    return signature
  }
}

const signedText = ({ id, epoch }: { id: string; epoch: number }, expiry: string, who: string) =>
  `${id}:${epoch}:${expiry}:${who}`

/** The secret itself is kept nowhere. */
const markOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || undefined
  }
  return undefined
}
