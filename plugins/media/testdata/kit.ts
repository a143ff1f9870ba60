import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { definePlugin } from '#sdk'
import { type TestAccount, type TestApp, type TestAppOptions, testApp } from '../../../test/kit/app.ts'
import { request } from '../../../test/kit/request.ts'
import * as contract from '../contract.ts'
import media from '../index.ts'
import type { MediaContext } from '../settings.ts'

const run = promisify(execFile)

/** The real plugin in a real kernel, with its context, its API and the events it told. */
export interface MediaApp {
  app: TestApp
  ctx: MediaContext
  api: contract.MediaApi
  /** `ready <assetId>` and so on, as a subscriber hears them once jobs are drained. */
  told: string[]
  /** A folder of the test's own, gone afterwards. */
  folder: string
  close(): Promise<void>
}

export async function mediaApp(options: TestAppOptions = {}): Promise<MediaApp> {
  const caught: { ctx?: MediaContext; api?: contract.MediaApi } = {}
  const told: string[] = []
  const spied = {
    ...media,
    setup: (ctx: Parameters<typeof media.setup>[0]) => {
      caught.ctx = ctx as unknown as MediaContext
      caught.api = media.setup(ctx) as contract.MediaApi
      return caught.api
    },
  }
  const witness = definePlugin({
    name: 'witness',
    version: '1.0.0',
    title: 'Witness',
    setup: ({ events }) => {
      const kinds = {
        inspected: contract.assetInspected,
        ready: contract.assetReady,
        failed: contract.assetFailed,
        removed: contract.assetRemoved,
      }
      for (const [name, event] of Object.entries(kinds))
        events.on(event, `note-${name}`, async ({ assetId }) => void told.push(`${name} ${assetId}`))
    },
  })
  const app = await testApp({ ...options, plugins: [spied, witness] })
  if (!caught.ctx || !caught.api) throw new Error('The plugin was not set up.')
  const folder = await mkdtemp(join(tmpdir(), 'veza-media-'))
  const close = async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { app, ctx: caught.ctx, api: caught.api, told, folder, close }
}

/** A sound made by ffmpeg: a tone of its own pitch, so that no two are the same. */
export async function tone(
  folder: string,
  name: string,
  { hz = 440, seconds = 1, args = [] as string[] } = {},
): Promise<string> {
  const path = join(folder, name)
  const source = `sine=frequency=${hz}:duration=${seconds}:sample_rate=44100`
  const input = ['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', source, '-ac', '2']
  await run('ffmpeg', [...input, ...args, path])
  return path
}

export interface Sending {
  filename?: string
  relativePath?: string
  batch?: string
}

export interface Sent {
  status: number
  /** Of the upload; empty where it was refused. */
  id: string
  problem: string | null
  detail: string | null
  headers: Headers
}

const tus = { 'tus-resumable': '1.0.0' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

export const metadataOf = (fields: object): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${base64(String(value))}`)
    .join(',')

/** One request of the protocol. */
export async function ask(
  app: TestApp,
  account: TestAccount,
  how: { method: string; id?: string; headers?: Record<string, string>; body?: Buffer; host?: string },
): Promise<Sent> {
  const path = how.id ? `/api/v1/media/uploads/${how.id}` : '/api/v1/media/uploads'
  const response = await request(app.url, path, {
    method: how.method,
    ...(how.host ? { host: how.host } : {}),
    headers: { ...tus, authorization: `Bearer ${account.accessToken}`, ...how.headers },
    ...(how.body ? { body: how.body as never } : {}),
  })
  const text = await response.text()
  const said = text.startsWith('{') ? (JSON.parse(text) as { type: string; detail?: string }) : null
  return {
    status: response.status,
    id: response.headers.get('location')?.split('/').at(-1) ?? how.id ?? '',
    problem: said?.type.replace('urn:veza:problem:', '') ?? null,
    detail: said?.detail ?? null,
    headers: response.headers,
  }
}

export function create(
  app: TestApp,
  account: TestAccount,
  sizeBytes: number,
  fields: Sending = {},
): Promise<Sent> {
  const metadata = metadataOf({ filename: 'sound.wav', ...fields })
  const headers = { 'upload-length': String(sizeBytes), 'upload-metadata': metadata }
  return ask(app, account, { method: 'POST', headers })
}

export function patch(
  app: TestApp,
  account: TestAccount,
  id: string,
  { offset = 0, bytes }: { offset?: number; bytes: Buffer },
): Promise<Sent> {
  const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
  return ask(app, account, { method: 'PATCH', id, headers, body: bytes })
}

/** A whole file; the answer is that to its last bytes, or the refusal. */
export async function send(
  app: TestApp,
  account: TestAccount,
  bytes: Buffer | string,
  fields: Sending = {},
): Promise<Sent> {
  const whole = typeof bytes === 'string' ? await readFile(bytes) : bytes
  const created = await create(app, account, whole.length, fields)
  return created.status === 201 ? patch(app, account, created.id, { bytes: whole }) : created
}
