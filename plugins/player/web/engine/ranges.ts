/** Whether a moment is loaded, with a little to go on from it. */
export function isWithin(ranges: TimeRanges, time: number): boolean {
  for (let at = 0; at < ranges.length; at++)
    if (ranges.start(at) <= time && time < ranges.end(at) - 0.05) return true
  return false
}

/** The beginning of what is loaded after a moment; infinite where nothing is. */
export function nextStart(ranges: TimeRanges, time: number): number {
  for (let at = 0; at < ranges.length; at++) if (ranges.start(at) > time) return ranges.start(at) + 0.001
  return Number.POSITIVE_INFINITY
}
