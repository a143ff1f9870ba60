import type { LiveWindow } from '../media/live-window.ts'

/** Parts, or segments, that players stay behind the newest unless they say other (RFC 8216bis 4.4.3.8). */
const heldBack = 3

/** How long media takes from its coming in until it is listed, in ms: a part is listed when it is whole. */
export function wayOf(window: LiveWindow | undefined): number | null {
  if (!window?.hasSegments) return null
  const newest = window.video.segments.at(-1) ?? window.audio.segments.at(-1)
  return window.partTargetMs ?? newest?.entry.durationMs ?? window.targetDurationMs
}

/** How far behind the newest a player is that does what the playlist tells it. */
export function behindOf(window: LiveWindow | undefined, url: string): number | null {
  if (!window?.hasSegments) return null
  const isLow = window.partTargetMs !== null && url.includes('_HLS_msn=')
  return heldBack * (isLow ? (window.partTargetMs ?? 0) : window.targetDurationMs)
}
