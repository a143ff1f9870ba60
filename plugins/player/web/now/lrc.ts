export interface LyricLine {
  atMs: number
  text: string
}

const mark = /\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]/g
const offset = /^\s*\[offset:\s*([+-]?\d{1,7})\s*\]/im

/** Lines of LRC text by time; a line may have several times, words may have marks of their own, which are dropped. */
export function readLrc(text: string): LyricLine[] {
  const shiftMs = Number(offset.exec(text)?.[1] ?? 0)
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const marks = [...line.matchAll(mark)]
    const words = line
      .replace(mark, '')
      .replace(/<\d+:\d+(?:[.:]\d+)?>/g, '')
      .trim()
    return marks.map(([, min = '0', s = '0', part = '']) => ({
      atMs: Math.max(0, (Number(min) * 60 + Number(s)) * 1000 + Number(`0.${part || 0}`) * 1000 - shiftMs),
      text: words,
    }))
  })
  return lines.sort((a, b) => a.atMs - b.atMs)
}

/** Index of the line that is sung at that time; -1 before the first. */
export function lineAt(lines: readonly LyricLine[], ms: number): number {
  return lines.findLastIndex(({ atMs }) => atMs <= ms)
}
