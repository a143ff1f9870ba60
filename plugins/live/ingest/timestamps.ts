type Track = 'video' | 'audio'

/** Larger steps than this, either way, are a new clock rather than a pause: longer pauses end the connection. */
const maxStepMs = 10_000
/** A track's own time goes back by more than this only when the encoder restarted its clock. */
const maxBackMs = 1_000

/**
 * Turns the 32-bit millisecond times of one publisher into times that go on past 2^32 and past a restart at 0.
 * Both tracks share the clock, so that a restart moves them together and sound stays with the picture.
 */
export class PublisherClock {
  /** How often the publisher's clock jumped. */
  jumps = 0
  private lastRaw: number | undefined
  private lastMs = 0
  private readonly lastByTrack: Record<Track, number> = { video: -Infinity, audio: -Infinity }

  /** Where a message that is not media stands; null before the first that is. */
  at(raw: number): number | null {
    return this.lastRaw === undefined ? null : this.lastMs + ((raw - this.lastRaw) | 0)
  }

  /** The decoding time of the next message of a track; never decreases within the track. */
  next(track: Track, raw: number): number {
    const own = this.lastByTrack[track]
    const step = this.lastRaw === undefined ? 0 : (raw - this.lastRaw) | 0
    let ms = this.lastRaw === undefined ? raw : this.lastMs + step
    if (Math.abs(step) > maxStepMs || ms < own - maxBackMs) {
      this.jumps++
      ms = Math.max(this.lastMs, own) + 1
    }
    this.lastRaw = raw
    this.lastMs = ms
    this.lastByTrack[track] = Math.max(ms, own)
    return this.lastByTrack[track]
  }
}
