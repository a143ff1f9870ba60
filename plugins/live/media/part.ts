import type { CodedSample } from './fmp4.ts'
import type { PartTarget } from './part-target.ts'
import type { TargetDuration } from './target-duration.ts'

/** The unit sent to viewers: samples of one track that follow each other, all of one segment. */
export interface Part {
  track: 'video' | 'audio'
  /** When the first sample is seen or heard on the stream's timeline. */
  startMs: number
  /** Decoding time of the first sample there, in the track's timescale. */
  baseTicks: number
  /** What its samples last. */
  durationMs: number
  /** What playlists say: the same, but never beyond the part target (see PartGatherer). */
  listedMs: number
  /** What its segment lasts up to its end. */
  segmentMs: number
  isIndependent: boolean
  endsSegment: boolean
  samples: CodedSample[]
}

/** What the cutters of both tracks share. */
export interface CutterOptions {
  target: TargetDuration
  partTarget: PartTarget
  /** Publisher's decoding time to the stream's timeline. */
  toTimeline: (dtsMs: number) => number
  emit: (part: Part) => void
  /** The segment of the part before is whole after all; nothing comes behind that part. */
  endSegment: (track: 'video' | 'audio', durationMs: number) => void
}
