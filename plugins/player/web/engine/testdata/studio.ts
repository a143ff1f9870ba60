import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { TestBrowser } from '../../../../../test/kit/browser.ts'
import { type MediaServer, makeTrack, playable, sampleRate, serveMedia, tones } from '../test-kit.ts'
import type { Playable, Profile } from '../types.ts'

/** Pairs without a common period: a slip of any length shows in one of them. */
export const pair = [997, 61]
/** Of each tone of a pair in each channel of two. */
export const share = 0.25 * Math.SQRT1_2
/** Cut where neither a frame nor a period ends. */
export const lengths = {
  one: 85_237,
  two: 72_411,
  long: 5 * sampleRate,
  low: 2 * sampleRate,
  high: 2 * sampleRate,
}

type Name = keyof typeof lengths
export const track = (id: Name, change: Partial<Playable> = {}) =>
  playable(id, { samples: lengths[id], ...change })
export const album = [track('one'), track('two', { trackNumber: 2 })]

export interface Studio {
  server: MediaServer
  page: Page
  close(): Promise<void>
}

/** A listener at a browser, before a server with short tracks of tones. */
export async function openStudio(): Promise<Studio> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-player-'))
  const gapless: Profile[] = ['aac-256', 'flac']
  const tracks: [string, Float32Array, Profile[]][] = [
    ['one', tones(pair, 0, lengths.one), gapless],
    ['two', tones(pair, lengths.one, lengths.two), gapless],
    ['long', tones(pair, 0, lengths.long), ['aac-96', 'aac-256', 'flac']],
    ['low', tones([400], 0, lengths.low), ['aac-256']],
    ['high', tones([1500], 0, lengths.high), ['aac-256']],
  ]
  await Promise.all(
    tracks.map(async ([id, samples, profiles]) => {
      await mkdir(join(folder, id))
      await makeTrack(join(folder, id), { samples, profiles, fragmentMs: 600 })
    }),
  )
  await mkdir(join(folder, 'odd'))
  await writeFile(join(folder, 'odd', 'manifest.json'), '{"version":9}')
  const server = await serveMedia(folder)
  const browser = await TestBrowser.open(server.url)
  const { page } = await browser.visitor('listener')
  await page.goto('/')
  await page.waitForFunction('"rig" in window')
  const close = async () => {
    await browser.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { server, page, close }
}
