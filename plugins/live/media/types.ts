import type { SimulcastTarget, ToldState } from '../simulcast/forwarders.ts'

/** One coded frame as the publisher sent it, with its time unwrapped past the 32-bit RTMP clock. */
export interface Sample {
  track: 'video' | 'audio'
  /** Decoding time in milliseconds; never decreases within one publish. */
  dtsMs: number
  /** Presentation minus decoding time in milliseconds (B-frames); 0 for audio. */
  ctsMs: number
  isKey: boolean
  /** AVCC (length-prefixed) NAL units, or one raw AAC access unit. Owned by the receiver. */
  data: Buffer
}

/** Decoder settings: the avcC box body (AVCDecoderConfigurationRecord) or an AudioSpecificConfig. */
export interface TrackConfig {
  track: 'video' | 'audio'
  config: Buffer
}

/** Everything needed to receive one stream; decided by the web process when it accepts a publish. */
export interface StreamTarget {
  /** The stream's public id (UUIDv7): names its folder, its HLS address and its replay. */
  id: string
  /** Absolute folder of the stream's segments and index; made when missing, continued when present. */
  dir: string
  /** Wanted segment length; the real one follows the publisher's key frames. */
  segmentMs: number
  /** Hot window kept in memory, in milliseconds. */
  windowMs: number
  /** Lower renditions where the machine has room; true where it is not said. */
  ladder?: boolean
  /** Cut segments into parts that viewers get at once; true where it is not said. */
  lowLatency?: boolean
  /** What is older leaves the disk while more comes (a channel that never ends); everything stays unless given. */
  keepMs?: number
}

/** Takes what one publisher sends and turns it into segments on disk and parts for the web side. */
export interface StreamReceiver {
  config(config: TrackConfig): void
  sample(sample: Sample): void
  /** The publisher went away: close the open segment, keep the stream; a later publish starts after a discontinuity. */
  interrupt(): Promise<void>
  /** No more will come: flush, write the end mark. Resolves when all is on disk. */
  end(): Promise<RecordingSummary>
  /** Resolves after the receiver wrote what is in flight; for back-pressure on the socket. */
  readonly pendingBytes: number
}

export interface RecordingSummary {
  durationMs: number
  sizeBytes: number
  segments: number
}

/** What the DJ is shown, measured over the last seconds. */
export interface StreamHealth {
  bitrateKbps: number
  videoKbps: number
  audioKbps: number
  fps: number
  width: number
  height: number
  videoCodec: string | null
  audioCodec: string | null
  sampleRateHz: number
  channels: number
  keyFrameIntervalMs: number
  /** Frames missing from the publisher's own clock since it connected. */
  droppedFrames: number
  /** How far the publisher's clock lags behind ours, in ms; grows when its uplink is too slow. */
  lagMs: number
  encoder: string
  connectedAt: string
  /** Added to the stream's dates they mean the moment of sending with the least delay; absent until measured. */
  clockOffsetMs?: number
  /** The same by the time code that the encoder sends; absent where it sends none. */
  timeCodeOffsetMs?: number
}

/** What of a channel is sent on, and where to; always all of it. Without targets nothing is sent any more. */
export interface SentOn {
  channelId: string
  targets: SimulcastTarget[]
  /** The channel's streams that this ingest takes. */
  streamIds: string[]
  /** The stream whose pictures are sent; null while there is none. */
  picture: string | null
  /** The stream whose sound goes with them; null for none. */
  sound: string | null
  /** What is added to the times of that sound beside what the arrival of both says. */
  soundOffsetMs: number
}

/** Web process -> ingest child. */
export type ToIngest =
  | {
      type: 'listen'
      rtmp: { host: string; port: number }
      rtmps?: { host: string; port: number; certFile: string; keyFile: string }
      /** Where Icecast sources connect; a port that is taken is tried again without disturbing RTMP. */
      icecast?: { host: string; port: number }
      /** The program that decodes what comes as MP3 or Ogg; looked for where it is not given. */
      ffmpeg?: string
      /** Unix socket (or \\.\pipe) on which web processes subscribe to parts. */
      socketPath: string
      /** Folder for the parts of open segments, emptied by `recoverSpool`; none are kept where it is not given. */
      spoolDir?: string
    }
  | { type: 'publish-answer'; requestId: number; accept: true; stream: StreamTarget }
  | { type: 'publish-answer'; requestId: number; accept: false; reason: string; isWrongKey?: boolean }
  | ({ type: 'simulcast' } & SentOn)
  /**
   * End a stream now: disconnects its publisher when there is one, then finishes the recording. With `target`,
   * a child that does not hold the stream (it was restarted) opens the folder and finishes what is there.
   */
  | { type: 'end'; streamId: string; reason: EndReason; target?: StreamTarget }

/** Ingest child -> web process. */
export type FromIngest =
  | { type: 'listening'; port: number; rtmpsPort?: number }
  | { type: 'listen-failed'; code: string; port: number }
  | { type: 'icecast-listening'; port: number }
  /** Told once until it listens. */
  | { type: 'icecast-failed'; code: string; port: number }
  | {
      type: 'publish-request'
      requestId: number
      /** Host name the publisher dialled (from tcUrl), without port; picks the site. */
      host: string
      app: string
      key: string
      /** Parameters behind the key, as in KEY?cam=2. */
      query: Record<string, string>
      address: string
      encoder: string
      /** The channel an Icecast source names; RTMP names none. */
      mount?: string
    }
  /** First media of a (re)connected publisher reached the disk or memory: viewers can play. */
  | { type: 'playing'; streamId: string; hasVideo: boolean; hasAudio: boolean; resumed: boolean }
  | { type: 'health'; streamId: string; health: StreamHealth }
  /** How sending on a channel goes, of every destination; told as news of the stream whose picture is sent. */
  | { type: 'simulcast'; streamId: string; channelId: string; states: ToldState[] }
  /** A song began, at this place of the stream's timeline. */
  | { type: 'title'; streamId: string; title: string; atMs: number }
  /** The publisher is gone without saying so (dropped) or said so (unpublished). */
  | {
      type: 'publisher-gone'
      streamId: string
      cause: 'dropped' | 'unpublished'
      /** Set when the child itself turned the publisher away; the reason to end the stream with. */
      because?: 'unsupported-codec' | 'no-key-frame' | 'disk-full'
    }
  | { type: 'ended'; streamId: string; reason: EndReason; recording: RecordingSummary }
  /** Something the DJ must hear about, in a code the page turns into words. */
  | { type: 'warning'; streamId: string; code: WarningCode; detail?: string }
  /** For the parent's log; never holds a key. */
  | {
      type: 'log'
      level: 'info' | 'warn' | 'error'
      message: string
      fields?: Record<string, string | number>
    }

export type EndReason =
  | 'unpublished'
  | 'grace-over'
  | 'taken-over'
  | 'kicked'
  | 'unsupported-codec'
  | 'no-key-frame'
  | 'disk-full'
  | 'server-stopping'
export type WarningCode =
  | 'unsupported-codec'
  | 'no-key-frame'
  | 'long-key-frames'
  | 'disk-full'
  | 'clock-jump'
  | 'extra-tracks'

/**
 * Ingest child -> every web process, over the Unix socket. Each message: 4-byte big-endian JSON length,
 * 4-byte big-endian body length, JSON, body. Who connects first gets, for every open stream, `open`, the
 * `init`s, every entry of the hot window and the parts that are not on disk; then what happens from then on, in
 * order: the parts of a segment, then the segment.
 */
export type FeedMessage =
  | {
      type: 'open'
      streamId: string
      targetDurationMs: number
      windowMs: number
      /** No part is listed as longer; null where playlists list none. */
      partTargetMs: number | null
      /** Counts the processes that received this stream: parts of an earlier one that was lost are not these. */
      take: number
    }
  /** body: ftyp+moov. `rung` is the height of a lower rendition, as in the following. */
  | ({ type: 'init'; streamId: string; rung?: number } & InitInfo)
  /** body: moof+mdat */
  | ({
      type: 'part'
      streamId: string
      track: 'video' | 'audio'
      rung?: number
      /** Counted in the segment from 0. */
      part: number
      /** What a playlist says of it: at most the part target. */
      durationMs: number
      isIndependent: boolean
      /** The last one of its segment. */
      isLast: boolean
    } & SegmentHead)
  /** The segment is whole: its entry of the index. Once stored, late joiners hear of it without its parts. */
  | { type: 'segment'; streamId: string; rung?: number; entry: IndexEntry; isStored: boolean }
  /** The lower renditions that may be asked for from now on; replaces what was offered before. */
  | { type: 'rungs'; streamId: string; rungs: RungOffer[] }
  /** Nothing more comes of that rendition until it is opened again. */
  | { type: 'rung-closed'; streamId: string; rung: number }
  /** A song began, at this place of the stream's timeline (as `startMs` of a segment). */
  | { type: 'title'; streamId: string; title: string; atMs: number }
  | { type: 'end'; streamId: string }

/** Web process -> ingest child, framed in the same way. */
export type ToFeed = {
  /** Somebody wants to watch this stream in that height. */
  type: 'want'
  streamId: string
  height: number
}

/** A lower rendition of a stream's pictures that can be made when somebody asks for it. */
export interface RungOffer {
  height: number
  width: number
  /** The most it will take, in bits a second. */
  bitrate: number
  /** RFC 6381. */
  codec: string
  frameRate: number
}

/** What is known of a segment while its parts come. */
export type SegmentHead = Pick<IndexEntry, 'seq' | 'at' | 'initId' | 'run' | 'startMs'>

/** One initialisation segment: decoder settings that any number of segments share. */
export interface InitInfo {
  track: 'video' | 'audio'
  /** Counted by track from 0; names the file. */
  initId: number
  /** RFC 6381, as in avc1.640028. */
  codec: string
  /** Bits a second of the first segment: a hint until more is measured. */
  bitrate: number
  width?: number
  height?: number
  frameRate?: number
  sampleRateHz?: number
  channels?: number
}

/** One line of `index.jsonl`, the truth about a recording. Appended after the segment's file is in place. */
export interface IndexEntry {
  track: 'video' | 'audio'
  seq: number
  durationMs: number
  /** ISO-8601 wall time of the first sample (EXT-X-PROGRAM-DATE-TIME). */
  at: string
  sizeBytes: number
  initId: number
  isDiscontinuity: boolean
  isIndependent: boolean
  /** Which uninterrupted stretch this belongs to, from 0, the same in both tracks: the discontinuity sequence. */
  run: number
  /** When the first sample is seen or heard on the stream's own timeline, which goes on over all runs. */
  startMs: number
}
