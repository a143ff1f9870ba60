import { once } from 'node:events'
import { connect } from 'node:net'
import type { ChannelView } from '../../plugins/live/contract.ts'
import { publish } from './publisher.ts'
import type { RunningServer } from './server.ts'
import { streamKey, type Visitor } from './visitor.ts'
import { eventually } from './wait.ts'

interface Stage {
  server: RunningServer
  visitor: Visitor
  /** Where sources of Icecast connect. */
  icecastPort: number
  /** What was answered to calls that were refused. */
  refusals: string[]
}
type Secrets = Record<string, string>

/** Every secret of a channel, each used rightly and wrongly while an encoder is on air. */
export async function liveSecrets(stage: Stage): Promise<Secrets> {
  const { server, visitor } = stage
  const target = await streamKey(server, 'secrets')
  const before = { ...(await tickets(stage)), ...(await simulcasts(stage)) }
  await visitor.call('/api/v1/live/channels/secrets/reminders', { body: {} })
  const publisher = publish(target)
  const open = await visitor.live('secrets')
  const watched = { ...(await watches(stage, open, 'public')), ...(await stopLink(stage)) }
  await visitor.call('/api/v1/live/channels/secrets', { method: 'PATCH', body: { access: 'members' } })
  const bound = await eventually('an address for this member alone', async () => {
    const channel = await visitor.channel('secrets')
    return tokenOf(channel).includes('~') ? channel : null
  })
  Object.assign(watched, await watches(stage, bound, 'member'))
  const refused = await eventually('a destination that refused', async () => {
    const { body } = await visitor.call<{ items: { state: string }[] }>(
      '/api/v1/live/channels/secrets/simulcasts',
    )
    return body.items.some(({ state }) => state === 'refused') ? body : null
  })
  stage.refusals.push(JSON.stringify(refused))
  await publisher.stop()
  return { ...before, ...watched, ...(await sources(stage)) }
}

const tokenOf = ({ playback }: ChannelView) => playback?.hls.split('/')[2] ?? ''
const refuse = async ({ visitor, refusals }: Stage, path: string, body: object, method = 'POST') => {
  const answer = await visitor.call(`/api/v1/live/${path}`, { method, body })
  if (answer.status >= 400) refusals.push(JSON.stringify(answer.body))
}

/** Codes of tickets, and the one that a guest is mailed. */
async function tickets(stage: Stage): Promise<Secrets> {
  const { visitor } = stage
  const made = await visitor.call<{ items: { code: string }[] }>('/api/v1/live/channels/secrets/tickets', {
    body: { count: 2 },
  })
  const [ticketCode = '', unusedTicketCode = ''] = made.body.items.map(({ code }) => code)
  const email = 'guest@people.test'
  await visitor.call('/api/v1/live/channels/secrets/guests', { body: { email } })
  const guestCode = await mailed(stage, /\/live\/secrets#code=([\w-]+)/)
  for (const code of [ticketCode, guestCode]) {
    await refuse(stage, 'channels/secrets/claim', { code, extra: 1 })
    await refuse(stage, 'channels/secrets/claim', { code: `${code}X` })
    await refuse(stage, 'channels/nowhere/claim', { code })
    await refuse(stage, 'channels/secrets/claim', { code })
    await visitor.call(`/live/secrets?code=${code}`)
  }
  return { ticketCode, unusedTicketCode, guestCode }
}

const mailed = ({ visitor }: Stage, pattern: RegExp) =>
  eventually(`a mail with ${pattern.source}`, async () => {
    const { body } = await visitor.call<{ items: { text: string }[] }>('/api/v1/admin/mail')
    return pattern.exec(body.items.map(({ text }) => text).join('\n'))?.[1]
  })

/** Sent on to this very server, which refuses the key, and to one that nobody may reach. */
async function simulcasts(stage: Stage): Promise<Secrets> {
  const { server, visitor } = stage
  const [simulcastKey, changedKey, refusedKey] = [
    'simulcast-key-canary',
    'changed-key-canary',
    'refused-key-canary',
  ]
  const path = '/api/v1/live/channels/secrets/simulcasts'
  const url = `rtmp://127.0.0.1:${server.rtmpPort}/live`
  const made = await visitor.call<{ id: string }>(path, { body: { title: 'Other', url, key: changedKey } })
  await refuse(stage, `simulcasts/${made.body.id}`, { key: simulcastKey, url: 'http://nowhere' }, 'PATCH')
  await visitor.call(`/api/v1/live/simulcasts/${made.body.id}`, {
    method: 'PATCH',
    body: { key: simulcastKey },
  })
  await refuse(stage, 'channels/secrets/simulcasts', {
    title: 'No',
    url: `${url}/${refusedKey}?x`,
    key: refusedKey,
  })
  await refuse(stage, 'channels/secrets/simulcasts', { title: 'No', url, key: `${refusedKey} x` })
  return { simulcastKey, changedKey, refusedKey }
}

/** The signed address of the media, right, broken, for nothing and from elsewhere. */
async function watches({ visitor, refusals }: Stage, channel: ChannelView, who: string): Promise<Secrets> {
  const token = tokenOf(channel)
  const signature = token.split(/[.~]/)[1] ?? ''
  const hls = channel.playback?.hls ?? ''
  const beside = (file: string) => hls.replace('index.m3u8', file)
  const broken = hls.replace(signature, `${signature.slice(0, -4)}AAAA`)
  for (const path of [
    hls,
    beside('video.m3u8'),
    beside('v0.m4s'),
    beside('nothing.m4s'),
    broken,
    `${hls}/more`,
  ]) {
    const answer = await visitor.call(path)
    if (answer.status >= 400) refusals.push(JSON.stringify(answer.body))
    await fetch(visitor.url + path, { headers: { range: 'bytes=9-1', referer: visitor.url + hls } })
  }
  await visitor.call(beside('video.m3u8'), { method: 'POST', body: { a: hls } })
  await visitor.call(`/api/v1/nowhere?from=${hls}`)
  return { [`${who}PlaybackSignature`]: signature }
}

async function stopLink(stage: Stage): Promise<Secrets> {
  const token = await mailed(stage, /\/live\/secrets\/reminders#token=([\w.-]+)/)
  await stage.visitor.call(`/live/secrets/reminders?token=${token}`)
  await refuse(stage, 'reminders/stop', { token: `${token}x` })
  await refuse(stage, 'reminders/stop', { token, extra: 1 })
  await refuse(stage, 'reminders/stop', { token })
  return { stopSignature: token.split('.')[2] ?? '' }
}

/** The stream key as a source of Icecast says it: by name and password, in the request and in the query. */
async function sources({ server, icecastPort }: Stage): Promise<Secrets> {
  const { key: icecastPassword } = await streamKey(server, 'radio')
  const wrongIcecastPassword = 'wrong-icecast-password'
  const basicOf = (key: string) => Buffer.from(`source:${key}`).toString('base64')
  for (const key of [wrongIcecastPassword, icecastPassword])
    for (const line of [
      `SOURCE /radio?pass=${key} HTTP/1.0`,
      `GET /admin/metadata?mode=updinfo&mount=/radio&pass=${key}&song=x HTTP/1.0`,
      `PUT /${key} HTTP/1.1`,
    ]) {
      const socket = connect(icecastPort, '127.0.0.1')
      const gone = once(socket, 'close')
      socket.on('error', () => undefined).resume()
      const head = `${line}\r\nAuthorization: Basic ${basicOf(key)}\r\nContent-Type: audio/aac\r\nUser-Agent: x\r\n\r\n`
      socket.end(`${head}no sound`)
      await gone
    }
  return {
    icecastPassword,
    wrongIcecastPassword,
    icecastBasic: basicOf(icecastPassword),
    wrongIcecastBasic: basicOf(wrongIcecastPassword),
  }
}
