import type { Rendition, Sounding } from './types.ts'

/** Which rendition is heard from when on, on a deck's timeline. */
export class Marks {
  #marks: { from: number; rendition: Rendition }[] = []

  get latest(): Rendition | null {
    return this.#marks.at(-1)?.rendition ?? null
  }

  clear(): void {
    this.#marks = []
  }

  /** What was marked for later is written over; what was heard before the needle is forgotten. */
  add(from: number, rendition: Rendition, needle: number): void {
    const heard = this.#marks.findLastIndex((mark) => mark.from <= needle)
    const kept = this.#marks.slice(Math.max(heard, 0)).filter((mark) => mark.from < from - 0.001)
    this.#marks = [...kept, { from, rendition }]
  }

  at(needle: number): Sounding | null {
    const mark = this.#marks.findLast(({ from }) => from <= needle + 0.001)
    if (!mark) return null
    const { profile, codec, bitrateKbps, sampleRate } = mark.rendition
    return { way: 'mse', profile, codec, bitrateKbps, sampleRate }
  }
}
