import { createWriteStream } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { ERRORS, Upload } from '@tus/server'
import { storageFull } from '#contract'
import { type Db, problem } from '#sdk'
import { saysFull } from './refusals.ts'
import { findUpload, removeUpload, type UploadRow, uploadMs } from './uploads.ts'

/** The files of uploads by their ids in one folder; what is known of them is in the database. */
export class UploadStore extends FileStore {
  readonly #db: Db

  constructor(db: Db, directory: string) {
    const configstore = {
      get: async (id: string) => {
        const row = await findUpload(db, id)
        return row ? asUpload(row, 0) : undefined
      },
      // The row is made before, with the room it takes.
      set: async () => {},
      delete: (id: string) => removeUpload(db, id),
    }
    super({ directory, configstore, expirationPeriodInMilliseconds: uploadMs })
    this.#db = db
    // Lengths are told at the beginning, or no limit could be kept.
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration']
  }

  pathOf(id: string): string {
    return join(this.directory, id)
  }

  override async create(upload: Upload): Promise<Upload> {
    try {
      await writeFile(this.pathOf(upload.id), '', { mode: 0o640 })
    } catch (error) {
      await this.remove(upload.id)
      throw asFull(error)
    }
    upload.storage = { type: 'file', path: this.pathOf(upload.id) }
    return upload
  }

  /** One that became an asset keeps answering that all of it is here. */
  override async getUpload(id: string): Promise<Upload> {
    const row = await findUpload(this.#db, id)
    if (!row) throw ERRORS.FILE_NOT_FOUND
    return row.doneAt ? asUpload(row, row.sizeBytes) : super.getUpload(id)
  }

  /** What arrived before an error stays; what is acknowledged is on the disk. */
  override async write(source: Readable, id: string, offset: number): Promise<number> {
    // The end of one that is an asset by now, sent again: there is nothing in it.
    if ((await findUpload(this.#db, id))?.doneAt) return offset
    let received = 0
    const target = createWriteStream(this.pathOf(id), { flags: 'r+', start: offset, flush: true })
    try {
      await pipeline(
        source,
        async function* count(chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            received += chunk.length
            yield chunk
          }
        },
        target,
      )
    } catch (error) {
      throw asFull(error)
    }
    return offset + received
  }

  /** The row first: a file without one is swept away. */
  override async remove(id: string): Promise<void> {
    await removeUpload(this.#db, id)
    await this.removeFile(id)
  }

  removeFile(id: string): Promise<void> {
    return rm(this.pathOf(id), { force: true })
  }
}

function asUpload(row: UploadRow, offset: number): Upload {
  const upload = new Upload({ id: row.id, size: row.sizeBytes, offset, metadata: row.metadataJson })
  upload.creation_date = row.createdAt
  return upload
}

const asFull = (error: unknown) => (saysFull(error) ? problem(storageFull) : error)
