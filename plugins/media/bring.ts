import { constants } from 'node:fs'
import { copyFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { newId, problem } from '#sdk'
import { assetFolder, findByContent, findSameSound, insertAsset } from './assets.ts'
import { assetInspected, brokenAudio, type LookedFile, type MediaApi, processAsset } from './contract.ts'
import { CoversBeside, keepBeside } from './cover-beside.ts'
import type { Desk } from './desk.ts'
import { keepCover } from './inspect.ts'
import { shownBatch, shownName, shownPath } from './names.ts'
import { factsOfRead } from './present.ts'
import { type ReadFile, readFile } from './read-file.ts'
import { faultOfFile } from './refusals.ts'
import { inWorkFolder } from './work-folder.ts'

type File = Parameters<MediaApi['bring']>[0]
type Brought = Awaited<ReturnType<MediaApi['bring']>>
/** With what only this plugin needs. */
interface Looked {
  read: ReadFile
  mtimeMs: number
}

/** Behind what people wait for at their screens. */
const priority = -1

/** Copies files of this machine in, each content once. */
export class Bringer {
  readonly #desk: Desk
  readonly #covers = new CoversBeside()
  readonly #looked = new WeakMap<LookedFile, Looked>()
  /** By content: the same file twice at once is one asset. */
  readonly #running = new Map<string, Promise<unknown>>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  async look({ path, relativePath }: Pick<File, 'path' | 'relativePath'>): Promise<LookedFile> {
    const { mtimeMs } = await stat(path)
    const fileName = shownName(basename(path))
    const read = await readFile(path, fileName).catch((error: unknown) => {
      throw faultOfFile(error) ?? error
    })
    const { contentHash, audioHash } = read.columns
    const looked: LookedFile = {
      contentHash: contentHash ?? '',
      audioHash: audioHash ?? '',
      facts: factsOfRead({ ...read.columns, fileName, relativePath: shownPath(relativePath) }),
    }
    this.#looked.set(looked, { read, mtimeMs })
    return looked
  }

  async bring(file: File): Promise<Brought> {
    const looked = file.looked ?? (await this.look(file))
    const { read, mtimeMs } = this.#looked.get(looked) as Looked
    const hash = read.columns.contentHash ?? ''
    for (let other = this.#running.get(hash); other; other = this.#running.get(hash)) await other
    const work = this.#bringNew(file, read, mtimeMs)
    this.#running.set(
      hash,
      work.catch(() => {}),
    )
    return work.finally(() => this.#running.delete(hash))
  }

  async #bringNew(file: File, read: ReadFile, mtimeMs: number): Promise<Brought> {
    const { db } = this.#desk.ctx
    const known = await findByContent(db, read.columns.contentHash ?? '')
    if (known) return { assetId: known, isNew: false }
    const id = newId()
    try {
      await this.#copy(file, read, { id, mtimeMs })
      await this.#keep(file, read, id)
      return { assetId: id, isNew: true }
    } catch (error) {
      await this.#desk.ctx.storage.removeFolder(assetFolder(id))
      throw error
    }
  }

  /** What was hashed is what is kept, or nothing is. */
  async #copy(file: File, { kind, columns }: ReadFile, of: { id: string; mtimeMs: number }): Promise<void> {
    const { storage } = this.#desk.ctx
    await inWorkFolder(storage, async (folder) => {
      const copy = join(folder, 'copy')
      await copyFile(file.path, copy, constants.COPYFILE_FICLONE)
      const [after, copied] = [await stat(file.path), await stat(copy)]
      if (after.mtimeMs !== of.mtimeMs || copied.size !== columns.sizeBytes)
        throw problem(brokenAudio, 'The file was changed while it was read.')
      await storage.take(`${assetFolder(of.id)}/original.${kind}`, copy)
    })
  }

  async #keep(file: File, read: ReadFile, id: string): Promise<void> {
    const { db, events, jobs } = this.#desk.ctx
    const coverKey =
      (file.cover && (await keepBeside(this.#desk, id, file.cover))) ||
      ((await keepCover(this.#desk, id, read)) ??
        (file.cover === undefined ? await this.#coverBeside(file, id) : null))
    const { kind, columns } = read
    await db.tx(async (db) => {
      await insertAsset(db, {
        ...columns,
        id,
        ownerId: file.ownerId,
        batch: shownBatch(file.batch),
        fileName: shownName(basename(file.path)),
        relativePath: shownPath(file.relativePath),
        originalKey: `${assetFolder(id)}/original.${kind}`,
        coverKey,
        sameAs: await findSameSound(db, columns.audioHash ?? '', id),
        state: 'processing',
      })
      await events.emit(db, assetInspected, { assetId: id })
      await jobs.enqueue(db, processAsset, { assetId: id }, { key: id, priority })
    })
  }

  async #coverBeside(file: File, id: string): Promise<string | null> {
    const path = await this.#covers.find(file.path)
    return path && keepBeside(this.#desk, id, path)
  }
}
