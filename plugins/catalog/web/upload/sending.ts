import { signal } from '@preact/signals'
import { type DetailedError, Upload } from 'tus-js-client'
import type { ProblemBody } from '#contract'
import { createUpload } from '#plugins/media'
import { type DroppedFile, isPicture } from './dropped-files.ts'
import { noteArrived } from './kept-drops.ts'
import { wordsOf } from './refusal-words.ts'

/** One file on its way to the label. */
export interface Sending {
  key: string
  name: string
  relativePath: string
  /** What was dropped together. */
  batch: string
  /** The cover of what it was dropped with. */
  isCover: boolean
  sizeBytes: number
  sentBytes: number
  state: 'waiting' | 'sending' | 'paused' | 'offline' | 'done' | 'refused'
  /** Why it was refused, and what to do. */
  refusal: string | null
  /** Of tus, once it is known: the file that comes of it names it. */
  uploadId: string | null
}

const atOnce = 3
/** Small enough that a proxy lets it pass and a pause is heard soon. */
const chunkBytes = 16 * 1024 * 1024
const waitsMs = [0, 1000, 2000, 4000, 8000]

/** What is under way; stays while pages change, and goes on after a reload when the same files are chosen again. */
export const sendings = signal<readonly Sending[]>([])
const uploads = new Map<string, Upload>()
let count = 0

/** Puts files behind those that wait, except what of them is on its way already. They are told to belong together. */
export function send(dropped: readonly DroppedFile[], batch: string): void {
  const files = dropped.filter(({ relativePath }) => !isUnderWay(batch, relativePath))
  const hasSound = files.some((file) => !isPicture(file))
  const added = files.map(({ file, relativePath }): Sending => {
    count += 1
    const key = `s${count}`
    uploads.set(key, uploadOf(key, { file, relativePath }, batch))
    return {
      key,
      name: file.name,
      relativePath,
      batch,
      isCover: hasSound && isPicture({ relativePath }),
      sizeBytes: file.size,
      sentBytes: 0,
      state: 'waiting',
      refusal: null,
      uploadId: null,
    }
  })
  sendings.value = [...sendings.value, ...added]
  next()
}

/** What was paused goes on; what was refused may be sent again. */
function isUnderWay(batch: string, path: string): boolean {
  const same = sendings.value.filter((one) => one.batch === batch && one.relativePath === path)
  for (const { key, state } of same) {
    if (state === 'paused') resume(key)
    if (state === 'refused' || state === 'done') drop(key)
  }
  return same.some(({ state }) => state !== 'refused' && state !== 'done')
}

export function pause(key: string): void {
  const { state } = find(key) ?? {}
  if (state !== 'waiting' && state !== 'sending' && state !== 'offline') return
  change(key, { state: 'paused' })
  void uploads.get(key)?.abort()
  next()
}

export function resume(key: string): void {
  if (find(key)?.state === 'paused') change(key, { state: 'waiting' })
  next()
}

/** Gives the file up; what arrived is removed. */
export function giveUp(key: string): void {
  const upload = uploads.get(key)
  const isDone = find(key)?.state === 'done'
  drop(key)
  // Where the line is gone, the server forgets it after a week.
  if (upload && !isDone) upload.abort(upload.url !== null).catch(() => {})
  next()
}

/** Takes the row of a file away that is there or was refused. */
export function drop(key: string): void {
  uploads.delete(key)
  sendings.value = sendings.value.filter((one) => one.key !== key)
}

const find = (key: string) => sendings.value.find((one) => one.key === key)

function change(key: string, part: Partial<Sending>): void {
  sendings.value = sendings.value.map((one) => (one.key === key ? { ...one, ...part } : one))
}

function next(): void {
  const busy = sendings.value.filter(({ state }) => state === 'sending' || state === 'offline').length
  const ready = sendings.value.filter(
    (one) => one.state === 'waiting' && !(one.isCover && hasSoundToCome(one)),
  )
  for (const { key } of ready.slice(0, Math.max(0, atOnce - busy))) void begin(key)
}

/** A cover is looked for a place beside sound that is there. */
function hasSoundToCome({ batch }: Sending): boolean {
  const toCome = ['waiting', 'sending', 'offline']
  return sendings.value.some((one) => one.batch === batch && !one.isCover && toCome.includes(one.state))
}

/** Goes on where the same file was left, also before a reload. */
async function begin(key: string): Promise<void> {
  const upload = uploads.get(key)
  if (!upload) return
  change(key, { state: 'sending' })
  if (!upload.url) {
    const [known] = await upload.findPreviousUploads().catch(() => [])
    if (known) upload.resumeFromPreviousUpload(known)
  }
  if (find(key)?.state === 'sending') upload.start()
}

function uploadOf(key: string, { file, relativePath }: DroppedFile, batch: string): Upload {
  return new Upload(file, {
    endpoint: createUpload.path,
    chunkSize: chunkBytes,
    retryDelays: waitsMs,
    metadata: { filename: file.name, relativePath, batch },
    removeFingerprintOnSuccess: true,
    // A line that is gone is waited for as long as it takes.
    onShouldRetry: (error) => {
      if (statusOf(error as DetailedError) !== 0) return isPassing(error as DetailedError)
      change(key, { state: 'offline' })
      return true
    },
    onProgress: (sentBytes) => {
      if (find(key)?.state !== 'paused') change(key, { sentBytes, state: 'sending' })
    },
    onUploadUrlAvailable: () => change(key, { uploadId: uploads.get(key)?.url?.split('/').at(-1) ?? null }),
    onSuccess: () => {
      change(key, { state: 'done', sentBytes: file.size })
      noteArrived(batch, relativePath, find(key)?.uploadId ?? null)
      next()
    },
    onError: (error) => failed(key, error as DetailedError),
  })
}

function failed(key: string, error: DetailedError): void {
  if (statusOf(error) === 0 || isPassing(error)) {
    change(key, { state: 'offline' })
    setTimeout(() => find(key)?.state === 'offline' && void begin(key), 5000)
    return
  }
  change(key, { state: 'refused', refusal: refusalOf(error) })
  next()
}

const statusOf = ({ originalResponse }: DetailedError): number => originalResponse?.getStatus() ?? 0
/** The server is busy, full for a moment, or being started anew. */
const isPassing = (error: DetailedError): boolean => [423, 429, 502, 503, 504, 507].includes(statusOf(error))

function refusalOf({ originalResponse }: DetailedError): string | null {
  try {
    const body = JSON.parse(originalResponse?.getBody() ?? '') as ProblemBody
    return wordsOf(body.type.replace('urn:veza:problem:', ''), body)
  } catch {
    return null
  }
}
