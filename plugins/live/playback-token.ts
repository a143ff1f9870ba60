import { createHash } from 'node:crypto'
import type { PluginContext } from '#sdk'

type Signer = PluginContext['signer']
export interface Headers {
  cookie?: string | undefined
  authorization?: string | undefined
}

/** Everybody, or who sends this cookie or token. */
export type Audience = 'public' | { boundTo: string }

const dayS = 86_400
const hourS = 3600
const rememberedTokens = 10_000

/**
 * The multivariant playlists of a stream: with low-latency parts, without them, and the sound alone; `replay` is all
 * that was received, also while more comes.
 */
export type PlaylistFile = 'index' | 'plain' | 'sound' | 'replay' | 'sound-replay'

/**
 * Signs HLS addresses over the stream. Public ones, `<expiry in base 36>.<signature>`, end with tomorrow (UTC), so
 * every viewer of a day shares one address and a CDN in front keeps one copy. Bound ones, `<expiry>~<signature>`, end
 * with the sixth hour, the running one being the first, and work only beside the cookie or token they were given to.
 */
export class PlaybackTokens {
  readonly #signer: Signer
  readonly #cookieName: string
  readonly #now: () => number
  /** Signatures found good, with what they sign: spares an HMAC for each segment. */
  readonly #good = new Set<string>()
  /** Signatures given out, by what they sign: each page asks for the same ones. */
  readonly #given = new Map<string, string>()

  constructor(signer: Signer, cookieName: string, now: () => number = Date.now) {
    this.#signer = signer
    this.#cookieName = cookieName
    this.#now = now
  }

  /** Address of a multivariant playlist on this site. */
  address(streamId: string, kind: PlaylistFile, audience: Audience = 'public'): string {
    return this.fileAddress(streamId, `${kind}.m3u8`, audience)
  }

  /** Address of any file of the stream. */
  fileAddress(streamId: string, file: string, audience: Audience): string {
    const nowS = Math.floor(this.#now() / 1000)
    const isPublic = audience === 'public'
    // By the hour, so that a page asked for twice gives the same addresses.
    const expiryS = isPublic ? (Math.floor(nowS / dayS) + 2) * dayS : (Math.floor(nowS / hourS) + 6) * hourS
    const expiry = expiryS.toString(36)
    const signature = this.#sign(signedText(streamId, expiry, isPublic ? null : markOf(audience.boundTo)))
    return `/hls/${expiry}${isPublic ? '.' : '~'}${signature}/${streamId}/${file}`
  }

  /** To whom the token is good at this moment; null to nobody, or not to who sends these headers. */
  check(token: string, streamId: string, headers: Headers): 'public' | { mark: string } | null {
    const [, expiry = '', sign = '', signature = ''] =
      /^([0-9a-z]{5,8})([.~])([\w-]{22,43})$/.exec(token) ?? []
    if (!expiry || Number.parseInt(expiry, 36) <= this.#now() / 1000) return null
    if (sign === '.') return this.#isSigned(signedText(streamId, expiry, null), signature) ? 'public' : null
    for (const secret of this.#secretsOf(headers)) {
      const mark = markOf(secret)
      if (this.#isSigned(signedText(streamId, expiry, mark), signature)) return { mark }
    }
    return null
  }

  /** What a caller's addresses are bound to. */
  audienceOf(headers: Headers): Audience {
    const [secret] = this.#secretsOf(headers)
    return secret === undefined ? 'public' : { boundTo: secret }
  }

  /** A token is what counts where there is one; name and password may be a proxy's, which all its people share. */
  #secretsOf({ cookie, authorization = '' }: Headers): string[] {
    const [, given = ''] = /^bearer +(\S+)$/i.exec(authorization.trim()) ?? []
    if (given) return [`bearer ${given}`]
    const session = cookieOf(cookie, this.#cookieName)
    return session ? [`cookie ${session}`] : []
  }

  #isSigned(text: string, signature: string): boolean {
    const key = `${text} ${signature}`
    if (this.#good.has(key)) return true
    if (!this.#signer.verify('hls', text, signature)) return false
    if (this.#good.size >= rememberedTokens) this.#good.clear()
    this.#good.add(key)
    return true
  }

  #sign(text: string): string {
    const given = this.#given.get(text)
    if (given !== undefined) return given
    const signature = this.#signer.sign('hls', text)
    if (this.#given.size >= rememberedTokens) this.#given.clear()
    this.#given.set(text, signature)
    return signature
  }
}

const signedText = (streamId: string, expiry: string, mark: string | null) =>
  mark === null ? `hls:${streamId}:${expiry}` : `hls:${streamId}:${expiry}:${mark}`

/** The secret itself is kept nowhere. */
const markOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || undefined
  }
  return undefined
}
