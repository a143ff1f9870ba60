export interface LyricLine {
  atMs: number
  text: string
}

const stamp = /\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]/g

/**
 * Reads LRC: `[mm:ss.xx]words`, several stamps before one line where it comes back, `[offset:+ms]` for all. Lines
 * without a time and other tags are left out; the result is in order.
 */
export function readLrc(text: string): LyricLine[] {
  const shiftMs = Number(/\[offset:\s*([+-]?\d{1,6})\s*\]/i.exec(text)?.[1] ?? 0)
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const stamps = [...line.matchAll(stamp)]
    const words = line.replace(stamp, '').trim()
    return stamps.map(([, minutes, seconds, part = '0']) => ({
      // A positive offset makes the words come sooner.
      atMs: Math.max(0, (Number(minutes) * 60 + Number(seconds) + Number(`0.${part}`)) * 1000 - shiftMs),
      text: words,
    }))
  })
  return lines.sort((a, b) => a.atMs - b.atMs)
}

/** Index of the line that is sung at that time; -1 before the first. */
export function lineAt(lines: readonly LyricLine[], ms: number): number {
  return lines.findLastIndex(({ atMs }) => atMs <= ms)
}
