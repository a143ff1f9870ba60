import type { Page } from 'playwright-core'
import type { Playable } from '../types.ts'
import type { Opening, Rig } from './page.ts'

declare const rig: Rig

export interface Recording {
  rate: number
  samples: Float32Array
}

export const open = (page: Page, opening: Opening) => page.evaluate((given) => rig.open(given), opening)
export const play = (page: Page, tracks: Playable[], positionMs = 0) =>
  page.evaluate(
    ([all, at]) => {
      rig.player.playNow(all, 0, at)
      return rig.record()
    },
    [tracks, positionMs] as const,
  )
export const until = (page: Page, status: string, trackId?: string) =>
  page.evaluate(([one, id]) => rig.until(one, id), [status, trackId] as const)
export const untilAt = (page: Page, ms: number) => page.evaluate((at) => rig.untilAt(at), ms)

/** What came out of the loudspeaker since the last time, without the silence around it. */
export async function heard(page: Page): Promise<Recording> {
  const { rate, samples } = await page.evaluate(() => rig.heard())
  const bytes = Buffer.from(samples, 'base64')
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  const isLoud = (value: number) => Math.abs(value) > 2e-4
  return { rate, samples: all.slice(all.findIndex(isLoud), all.findLastIndex(isLoud) + 1) }
}

/** Amplitude and phase of a tone in a window of samples (Hann). */
export function toneAt({ samples, rate }: Recording, frequency: number, from: number, count: number) {
  let [real, imaginary, whole] = [0, 0, 0]
  for (let at = 0; at < count; at++) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / count)
    const angle = (2 * Math.PI * frequency * (from + at)) / rate
    real += weight * (samples[from + at] ?? 0) * Math.cos(angle)
    imaginary += weight * (samples[from + at] ?? 0) * Math.sin(angle)
    whole += weight
  }
  return { level: (2 * Math.hypot(real, imaginary)) / whole, phase: Math.atan2(real, imaginary) }
}

/** Samples by which a tone is late or early, window after window, against the first one. */
export function slips(recording: Recording, frequency: number): number[] {
  const window = Math.round(recording.rate / 10)
  const phases: number[] = []
  for (let at = window; at + 2 * window < recording.samples.length; at += window)
    phases.push(toneAt(recording, frequency, at, window).phase)
  return phases.map((phase) => {
    const turn = phase - phases[0]!
    return (Math.atan2(Math.sin(turn), Math.cos(turn)) / (2 * Math.PI * frequency)) * recording.rate
  })
}

export const worst = (values: number[]) => Math.max(...values.map(Math.abs))
export const decibel = (ratio: number) => 20 * Math.log10(ratio)
