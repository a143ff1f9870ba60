import type { CodedSample } from './fmp4.ts'
import type { TargetDuration } from './target-duration.ts'

/** The unit sent to viewers: samples of one track that follow each other. Today a segment is one part. */
export interface Part {
  track: 'video' | 'audio'
  /** When the first sample is seen or heard on the stream's timeline, and its decoding time there. */
  startMs: number
  /** `startMs` in the track's timescale. */
  baseTicks: number
  durationMs: number
  isIndependent: boolean
  endsSegment: boolean
  samples: CodedSample[]
}

/** What the cutters of both tracks share. */
export interface CutterOptions {
  segmentMs: number
  target: TargetDuration
  /** Publisher's decoding time to the stream's timeline. */
  toTimeline: (dtsMs: number) => number
  emit: (part: Part) => void
}
