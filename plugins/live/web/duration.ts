/** How long a stream has been on, in ms; never negative where the reader's clock is behind. */
export function onAirMs(startedAt: string | null, now: number): number | null {
  if (startedAt === null) return null
  const started = Date.parse(startedAt)
  return Number.isNaN(started) ? null : Math.max(0, now - started)
}
