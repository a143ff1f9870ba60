import type { ChannelView, Replay } from '../../plugins/live/contract.ts'
import type { Me } from '../../server/contract/identity/index.ts'
import type { RunningServer } from './server.ts'
import { eventually } from './wait.ts'

export interface Answer<T = unknown> {
  status: number
  type: string
  body: T
  headers: Headers
}

/** A live playlist as numbers. */
export interface Window {
  sequence: number
  lastSequence: number
  discontinuities: number
  durationS: number
}

/** Somebody at a running server: calls its API, watches and chats. */
export class Visitor {
  readonly url: string
  readonly #server: RunningServer
  #headers: Record<string, string> = {}

  constructor(server: RunningServer) {
    this.#server = server
    this.url = server.url
  }

  async call<T = unknown>(path: string, init: { method?: string; body?: unknown } = {}): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
      headers: {
        ...this.#headers,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })
    const text = await response.text()
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    const body = (type.endsWith('json') && text !== '' ? JSON.parse(text) : text) as T
    return { status: response.status, type, body, headers: response.headers }
  }

  /** As the owner that the kit made. */
  async signIn(): Promise<{ accessToken: string; refreshToken: string; account: Me; cookie: string }> {
    type Tokens = { accessToken: string; refreshToken: string; account: Me }
    const { status, body, headers } = await this.call<Tokens>('/api/v1/auth/login', {
      body: this.#server.owner,
    })
    if (status !== 200) throw new Error(`The owner could not sign in: ${status} ${JSON.stringify(body)}`)
    this.#headers = { authorization: `Bearer ${body.accessToken}` }
    return { ...body, cookie: (headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
  }

  /** Status of `/health/ready`; 0 when nobody answers. */
  async ready(): Promise<number> {
    return this.call('/health/ready').then(
      ({ status }) => status,
      () => 0,
    )
  }

  say(text: string, room = 'general'): Promise<Answer<{ id?: string }>> {
    return this.call(`/api/v1/chat/rooms/${room}/messages`, { body: { text } })
  }

  /** Texts of the newest messages, oldest first. */
  async heard(room = 'general'): Promise<string[]> {
    const { body } = await this.call<{ items: { text: string }[] }>(
      `/api/v1/chat/rooms/${room}/messages?limit=100`,
    )
    return body.items.map((item) => item.text)
  }

  async channel(slug: string): Promise<ChannelView> {
    return (await this.call<ChannelView>(`/api/v1/live/channels/${slug}`)).body
  }

  /** The channel once a publisher's media can be played. */
  live(slug: string): Promise<ChannelView> {
    return eventually(`"${slug}" on air`, async () => {
      const channel = await this.channel(slug)
      return channel.status === 'live' && !channel.isInterrupted && channel.playback ? channel : null
    })
  }

  async replays(slug: string): Promise<Replay[]> {
    return (await this.call<{ items: Replay[] }>(`/api/v1/live/channels/${slug}/replays`)).body.items
  }

  /** The newest replay once the channel is off the air. */
  replay(slug: string): Promise<Replay> {
    return eventually(`the replay of "${slug}"`, async () => {
      if ((await this.channel(slug)).status !== 'offline') return null
      return (await this.replays(slug))[0]
    })
  }

  /** What is in the window of the pictures. */
  async window(channel: ChannelView): Promise<Window> {
    const path = channel.playback?.hls.replace('index.m3u8', 'video.m3u8') ?? ''
    const { status, body } = await this.call<string>(path)
    if (status !== 200) throw new Error(`The playlist answered ${status}`)
    const sequence = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(body)?.[1] ?? 0)
    const durations = [...body.matchAll(/#EXTINF:([\d.]+)/g)].map(([, text]) => Number(text))
    const left = Number(/#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)/.exec(body)?.[1] ?? 0)
    return {
      sequence,
      lastSequence: sequence + durations.length - 1,
      discontinuities: left + (body.match(/#EXT-X-DISCONTINUITY$/gm)?.length ?? 0),
      durationS: durations.reduce((sum, duration) => sum + duration, 0),
    }
  }

  /**
   * The window once it has got so far, and over so many discontinuities: what a publisher that is gone had sent before
   * may still come in after it was looked at.
   */
  windowWith(slug: string, lastSequence: number, discontinuities = 0): Promise<Window> {
    return eventually(`segment ${lastSequence} of "${slug}"`, async () => {
      const window = await this.window(await this.channel(slug))
      const isThere = window.lastSequence >= lastSequence && window.discontinuities >= discontinuities
      return isThere ? window : null
    })
  }

  async metric(name: string): Promise<number> {
    const { body } = await this.call<string>('/metrics')
    const lines = body.split('\n').filter((line) => line.startsWith(name))
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }
}

/** A new key of a channel, which is made where there is none. */
export async function streamKey(
  server: RunningServer,
  channel: string,
): Promise<{ url: string; key: string }> {
  const ran = await server.cli(['stream-key', 'create', '--channel', channel, '--json'])
  if (ran.code !== 0) throw new Error(`No stream key: ${ran.stderr}`)
  const { key } = JSON.parse(ran.stdout) as { key: string }
  return { url: `rtmp://127.0.0.1:${server.rtmpPort}/live`, key }
}
