const lineTime = /^\s*\[(\d{1,3}):(\d{2})(?:[.:](\d{1,3}))?\]/

/** Whether the text is LRC: lines with the time they are sung at. */
export function isLrc(text: string): boolean {
  return text.split('\n').filter((line) => lineTime.test(line)).length >= 2
}

/** LRC without its times and its `[ar:…]` lines. */
export function plainOfLrc(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*\[[a-z#]+:.*\]\s*$/i.test(line))
    .map((line) => line.replaceAll(/\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]/g, '').trim())
    .join('\n')
    .trim()
}

const inMilliseconds = 2
const lyricsOrText = [0, 1, 2]

/** Synchronised lyrics of ID3v2 (SYLT) as LRC; null if they are no lyrics or their times are frames of the file. */
export function lrcOf(value: unknown): string | null {
  const { contentType, timeStampFormat, syncText } = value as Partial<{
    contentType: number
    timeStampFormat: number
    syncText: { text: string; timestamp?: number }[]
  }>
  if (timeStampFormat !== inMilliseconds || !lyricsOrText.includes(contentType ?? -1)) return null
  // Programs put the line break in front of the line it begins.
  const lines = (syncText ?? [])
    .slice(0, 2000)
    .map((line) => `${stamp(line.timestamp ?? 0)}${line.text.trim()}`)
  return lines.length > 0 ? lines.join('\n') : null
}

function stamp(ms: number): string {
  const hundredths = Math.floor(ms / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  return `[${two(Math.floor(hundredths / 6000))}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}]`
}
