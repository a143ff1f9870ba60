import { signal } from '@preact/signals'
import type { Angle } from '../../contract.ts'
import { type Choice, type Delay, readChoice, readDelay } from './kept.ts'
import type { Rung, Trouble } from './source.ts'

export type Phase = 'idle' | 'starting' | 'playing' | 'paused' | 'waiting' | 'ended' | 'failed'

/** What can be played: dates for a running stream, milliseconds from the beginning for a recording. */
export interface Line {
  fromMs: number
  toMs: number
  atMs: number
  bufferedToMs: number
}

/** A calm sentence over the picture. */
export interface Notice {
  kind: 'away' | 'late' | 'back' | 'steadier'
  /** The camera it is about. */
  angle: Pick<Angle, 'camera' | 'title'> | null
}

/** What a player does now. */
export class PlayerState {
  readonly phase = signal<Phase>('idle')
  readonly trouble = signal<Trouble | null>(null)
  readonly line = signal<Line | null>(null)
  /** How far behind the publisher's clock this viewer is; null until it can be told. */
  readonly delayS = signal<number | null>(null)
  /** At the edge of a running stream, and kept there. */
  readonly isFollowing = signal(true)
  /** Of the element that is heard. */
  readonly hasPicture = signal(false)
  /** A camera's picture lies over it. */
  readonly isPictureShown = signal(false)
  readonly rungs = signal<Rung[]>([])
  readonly quality = signal<Choice>(readChoice())
  readonly delay = signal<Delay>(readDelay())
  readonly cameras = signal<readonly Angle[]>([])
  /** By number; null: the main one, whichever that is. */
  readonly camera = signal<number | null>(null)
  /** The cameras' playlists hold what plays. */
  readonly canChooseCamera = signal(true)
  readonly notice = signal<Notice | null>(null)
  readonly stalls = signal(0)
  /** How often a place was gone to by a key, which shows nothing of it by itself. */
  readonly sought = signal(0)

  /** Until it is put away, or for so long. */
  say(notice: Notice, forMs?: number): void {
    this.notice.value = notice
    const hide = () => {
      if (this.notice.peek() === notice) this.notice.value = null
    }
    if (forMs !== undefined) setTimeout(hide, forMs)
  }
}
