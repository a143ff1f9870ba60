/** What a connection may cost us; times in milliseconds, sizes in bytes. */
export interface IngestLimits {
  /** From the first byte to a whole request to publish. */
  publishWithinMs: number
  /** From there to our own answer: a busy machine is not the publisher's fault, and cutting it off makes it busier. */
  answerWithinMs: number
  idleMs: number
  /** Of Icecast: programs send 32 KB at a time, which is ten seconds of a small bitrate. */
  sourceIdleMs: number
  /** How long a refused publisher gets to read why before its socket is destroyed. */
  lingerMs: number
  /** From the first video message to a playable key frame. */
  keyFrameWithinMs: number
  chunkStreams: number
  messageBytesBefore: number
  messageBytesAfter: number
  unsentBytes: number
  pauseAboveBytes: number
  resumeBelowBytes: number
  /** How long a process with many publishers may let frames gather before it reads them; 0 for not at all. */
  gatherMs: number
  /** A port of Icecast sources that is taken is tried again after so long. */
  listenAgainMs: number
  /** How often it is looked whether the files of the certificate changed: a look is two `stat`s. */
  certificateEveryMs: number
  connections: number
  connectionsByAddress: number
  connectionsByLoopback: number
}

/** Generous for real encoders, small enough that a thousand hostile connections do no harm. */
export const defaultLimits: IngestLimits = {
  publishWithinMs: 5_000,
  answerWithinMs: 30_000,
  idleMs: 10_000,
  sourceIdleMs: 30_000,
  lingerMs: 500,
  keyFrameWithinMs: 10_000,
  chunkStreams: 8,
  messageBytesBefore: 64 * 1024,
  messageBytesAfter: 4 * 1024 * 1024,
  unsentBytes: 256 * 1024,
  pauseAboveBytes: 8 * 1024 * 1024,
  resumeBelowBytes: 2 * 1024 * 1024,
  gatherMs: 0,
  listenAgainMs: 5_000,
  certificateEveryMs: 60_000,
  connections: 4_000,
  connectionsByAddress: 50,
  connectionsByLoopback: 1_000,
}
