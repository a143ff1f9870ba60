import type { AudioReason } from './types.ts'

const sentences: Record<AudioReason, string> = {
  'not-audio':
    'This is not a sound file of a kind that can be read here: send MP3, WAV, FLAC, AIFF, Ogg or M4A.',
  'has-video': 'This is a film: send its sound alone.',
  'no-samples': 'This file has a header but no sound in it: export it again.',
  'too-long': 'This recording is too long: split it into parts.',
  unsupported: 'The sound in this file is of a kind that cannot be converted here: export it as WAV or FLAC.',
  broken: 'This file is damaged and cannot be decoded: send it again from the original.',
}

/** What is wrong with a file somebody sent. The message is a sentence for that person; `detail` is ffmpeg's. */
export class AudioError extends Error {
  readonly reason: AudioReason
  readonly detail: string
  constructor(reason: AudioReason, detail = '') {
    super(sentences[reason])
    this.name = 'AudioError'
    this.reason = reason
    this.detail = detail
  }
}
