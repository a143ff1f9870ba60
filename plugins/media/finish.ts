import { open, stat } from 'node:fs/promises'
import { type Account, newId, ProblemError } from '#sdk'
import { enqueueUnpacking } from './archive.ts'
import { assetFolder, findAsset, insertAsset } from './assets.ts'
import { inspectAsset } from './contract.ts'
import { type Desk, tell } from './desk.ts'
import { type AudioKind, audioKinds, headLength, sniff } from './reading/index.ts'
import { isNotAudio } from './refusals.ts'
import { keepUploadedCover } from './upload-cover.ts'
import type { UploadStore } from './upload-store.ts'
import { findUpload, listOpenUploads, markArchive, markUploadDone, type UploadRow } from './uploads.ts'

/** Null: a start after a crash. */
type Who = Pick<Account, 'id' | 'username'> | null

/**
 * Turns uploads that arrived whole into assets, each exactly once: the asset has the upload's id, its file is moved,
 * then row, job and end of the upload are one transaction. Whatever breaks in between is done again from there.
 */
export class Finisher {
  readonly #desk: Desk
  readonly #store: UploadStore
  readonly #running = new Map<string, Promise<void>>()

  constructor(desk: Desk, store: UploadStore) {
    this.#desk = desk
    this.#store = store
  }

  /** Does nothing for one that is not whole. Throws notAudio, and then nothing of it stays. */
  async finish(id: string, account: Who): Promise<void> {
    const running = this.#running.get(id)
    if (running) return running
    const work = this.#finish(id, account).finally(() => this.#running.delete(id))
    this.#running.set(id, work)
    return work
  }

  /** Resolves when nothing is being finished under this id. */
  async settled(id: string): Promise<void> {
    await this.#running.get(id)?.catch(() => {})
  }

  /** What a crash left between the last byte and the asset. */
  async finishLeft(): Promise<void> {
    const { db, log } = this.#desk.ctx
    for (const { id, isArchive } of await listOpenUploads(db))
      if (!isArchive)
        await this.finish(id, null).catch((error: unknown) => {
          if (!(error instanceof ProblemError))
            log.error({ err: error, upload: id }, 'an upload was left open')
        })
  }

  async #finish(id: string, account: Who): Promise<void> {
    const upload = await findUpload(this.#desk.ctx.db, id)
    if (!upload || upload.doneAt || upload.isArchive) return
    const path = this.#store.pathOf(id)
    const moved = await this.#movedKey(id)
    if (!moved && (await sizeOf(path)) !== upload.sizeBytes) return
    if (moved) return this.#keep(upload, moved, account)
    const sniffed = sniff(await headOf(path))
    if ('kind' in sniffed) return this.#keep(upload, await this.#move(id, path, sniffed.kind), account)
    if (sniffed.other === 'archive-zip') return this.#unpack(upload)
    if (sniffed.other === 'picture' && (await keepUploadedCover(this.#desk, upload, path))) {
      await markUploadDone(this.#desk.ctx.db, id)
      return this.#store.removeFile(id)
    }
    await this.#store.remove(id)
    throw isNotAudio(upload.fileName, sniffed)
  }

  async #move(id: string, path: string, kind: AudioKind): Promise<{ key: string; kind: AudioKind }> {
    const key = `${assetFolder(id)}/original.${kind}`
    await this.#desk.ctx.storage.take(key, path)
    return { key, kind }
  }

  /** Where an attempt before this one put it. */
  async #movedKey(id: string): Promise<{ key: string; kind: AudioKind } | null> {
    const { storage } = this.#desk.ctx
    for await (const { key } of storage.list(assetFolder(id))) {
      const kind = audioKinds.find((kind) => key === `${assetFolder(id)}/original.${kind}`)
      if (kind) return { key, kind }
    }
    return null
  }

  async #keep(upload: UploadRow, moved: { key: string; kind: AudioKind }, account: Who): Promise<void> {
    const { db, jobs, audit } = this.#desk.ctx
    const { id, accountId, fileName, relativePath, batch, sizeBytes } = upload
    const file = { fileName, relativePath, batch, sizeBytes, kind: moved.kind, originalKey: moved.key }
    await db.tx(async (db) => {
      if (!(await markUploadDone(db, id))) return
      const asset = { id, ownerId: accountId, uploadId: id, state: 'inspecting' as const, ...file }
      if (!(await insertAsset(db, asset))) return
      await jobs.enqueue(db, inspectAsset, { assetId: id }, { key: id })
      await audit.record(db, { action: 'media.added', actor: account, subject: id, detail: { fileName } })
    })
    tell(this.#desk, await findAsset(db, id))
  }

  async #unpack(upload: UploadRow): Promise<void> {
    const { ctx } = this.#desk
    // Files that came in one archive belong together as those of one folder do.
    const batch = upload.batch ?? newId()
    await ctx.db.tx(async (db) => {
      if (await markArchive(db, upload.id, batch)) await enqueueUnpacking(ctx, db, { ...upload, batch })
    })
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  )
