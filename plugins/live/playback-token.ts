import type { PluginContext } from '#sdk'

type Signer = PluginContext['signer']

const dayS = 86_400
const rememberedTokens = 5_000

/**
 * The multivariant playlists of a stream: with low-latency parts, without them, and the sound alone; `replay` is all
 * that was received, also while more comes.
 */
export type PlaylistFile = 'index' | 'plain' | 'sound' | 'replay' | 'sound-replay'

/**
 * Signs HLS addresses: `<expiry in base 36>.<signature>` over the stream. The expiry is the end of tomorrow (UTC),
 * so every viewer of a day shares one address and a CDN in front keeps one copy.
 */
export class PlaybackTokens {
  readonly #signer: Signer
  readonly #now: () => number
  /** Tokens found good -> their expiry in seconds: spares an HMAC for each segment. */
  readonly #good = new Map<string, number>()
  /** Signatures given out, by what they sign: each page asks for the same ones. */
  readonly #given = new Map<string, string>()

  constructor(signer: Signer, now: () => number = Date.now) {
    this.#signer = signer
    this.#now = now
  }

  /** Address of a multivariant playlist on this site. */
  address(streamId: string, kind: PlaylistFile): string {
    const expiry = ((Math.floor(this.#now() / 1000 / dayS) + 2) * dayS).toString(36)
    return `/hls/${expiry}.${this.#sign(`hls:${streamId}:${expiry}`)}/${streamId}/${kind}.m3u8`
  }

  isGood(token: string, streamId: string): boolean {
    const nowS = this.#now() / 1000
    const known = this.#good.get(`${token}/${streamId}`)
    if (known !== undefined) return known > nowS
    const dot = token.indexOf('.')
    const expiry = token.slice(0, Math.max(dot, 0))
    if (!/^[0-9a-z]{5,8}$/.test(expiry) || Number.parseInt(expiry, 36) <= nowS) return false
    if (!this.#signer.verify('hls', `hls:${streamId}:${expiry}`, token.slice(dot + 1))) return false
    if (this.#good.size >= rememberedTokens) this.#good.clear()
    this.#good.set(`${token}/${streamId}`, Number.parseInt(expiry, 36))
    return true
  }
  #sign(value: string): string {
    const given = this.#given.get(value)
    if (given !== undefined) return given
    const signature = this.#signer.sign('hls', value)
    if (this.#given.size >= rememberedTokens) this.#given.clear()
    this.#given.set(value, signature)
    return signature
  }
}
