const sentences = {
  empty: 'The file is empty: choose the finished file and send it again.',
  unreadable: 'The file could not be read from the disk: try again, or look at the disk of the server.',
  unwritable: 'The files could not be written: look at the disk of the server, then try again.',
  truncated: 'The file stops before its end: export or download it again, then send it again.',
  'no-audio': 'The file holds no audio: choose another one.',
  broken: 'The file is damaged and its audio cannot be found: export it again from the program that made it.',
  aborted: 'Reading was stopped before the end of the file: start it again.',
} as const

const zipSentences = {
  'zip-broken': 'The archive is damaged: pack it again and send it again.',
  'zip-too-many-entries': 'The archive has too many entries: send one album in each archive.',
  'zip-too-large': 'The archive is too large when unpacked: send the files one by one.',
  'zip-bomb': 'The archive unpacks to far more than its own size: send the files one by one.',
  'zip-nested': 'The archive holds another archive: unpack that one first and send the album itself.',
  'zip-unsafe-path':
    'The archive has a file name that no program should unpack: rename the files and pack it again.',
  'zip-link': 'The archive holds something that is no file, such as a link: pack the files themselves.',
  'zip-duplicate': 'The archive has the same file name twice: pack it again with every file once.',
  'zip-encrypted': 'The archive is protected by a password: pack it again without one.',
  'zip-method': 'The archive is packed by a method that cannot be read here: pack it as an ordinary ZIP.',
  'zip-no-audio': 'The archive holds no audio file: put the tracks of the album in it.',
} as const

export type ReadingReason = keyof typeof sentences
export type ZipReason = keyof typeof zipSentences

/** Why a file gave no result. `message` is one sentence for the person who sent it. */
export class ReadingError extends Error {
  readonly reason: ReadingReason | ZipReason
  constructor(reason: ReadingReason | ZipReason, options?: { cause?: unknown }) {
    super({ ...sentences, ...zipSentences }[reason], options)
    this.reason = reason
  }
}

/** An archive that was refused as a whole; nothing of it was kept. `entry` is the name in it that was the reason. */
export class ZipRefused extends ReadingError {
  readonly entry: string | null
  constructor(reason: ZipReason, entry: string | null = null, options?: { cause?: unknown }) {
    super(reason, options)
    this.entry = entry
  }
}
