import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { invalidInput, storageFull } from '#contract'
import { type CommandDesk, isoTime, problem } from '#sdk'
import type { Ctx } from '../settings.ts'
import { importAlbum } from './album.ts'
import { countUnready } from './files.ts'
import { takeLease } from './lease.ts'
import { eachOf, limitTo } from './limit.ts'
import { importStopped } from './problems.ts'
import { type ImportResult, more, newResult } from './report.ts'
import type { ImportWish, Run } from './run.ts'
import { waitUntilReady } from './wait.ts'
import { codeOf, isAlbumFolder, type Source, walk } from './walk.ts'

/** Files read at once: what waits for the disk with one lets others go on. */
const filesAtOnce = 16
const albumsAtOnce = 8

/**
 * Brings all sounds below a folder into the library and arranges them into releases. The folder is only read. Ends with
 * a sentence on a full disk or when told to; what is done by then stays, and a further run goes on from there.
 */
export async function importFolder(ctx: Ctx, desk: CommandDesk, wish: ImportWish): Promise<ImportResult> {
  const root = await readableFolder(wish.dir)
  const own = await realpath(dirname(ctx.storage.localFolder('media')))
  if (`${root}/`.startsWith(`${own}/`))
    throw problem(invalidInput, 'This is the library’s own storage; import the folder the files came from.')
  const lease = wish.isDry ? null : await takeLease(ctx.db)
  const run: Run = {
    ctx,
    wish,
    desk,
    root,
    prefix: (await isAlbumFolder(root)) ? `${basename(root)}/` : '',
    result: newResult(wish.isDry, wish.visibility),
    lease,
    files: limitTo(filesAtOnce),
    turn: limitTo(1),
    dry: { contents: new Set(), moved: new Set(), releases: new Set() },
    startedAt: isoTime(),
    began: performance.now(),
    done: 0,
  }
  try {
    await importAll(run, own)
    if (wish.waits && !wish.isDry) await waitUntilReady(run)
    run.result[more].waiting = wish.isDry ? 0 : await countUnready(ctx.db, root)
    if (!wish.isDry) await record(run)
    return run.result
  } catch (error) {
    if (isFull(error)) throw problem(storageFull, fullSentence(run))
    throw desk.signal.aborted ? problem(importStopped, stoppedSentence(run)) : error
  } finally {
    await lease?.release().catch(() => {})
  }
}

async function readableFolder(dir: string): Promise<string> {
  try {
    const root = await realpath(dir)
    if (!(await stat(root)).isDirectory())
      throw problem(invalidInput, `${dir} is a file; name the folder it lies in.`)
    await readdir(root)
    return root
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') throw problem(invalidInput, `There is no folder ${dir}; check the path.`)
    if (code === 'EACCES' || code === 'EPERM')
      throw problem(invalidInput, `The folder ${dir} cannot be read; let this user read it, or use sudo.`)
    throw error
  }
}

async function importAll(run: Run, own: string): Promise<void> {
  const source: Source = {
    root: run.root,
    without: [own],
    skip: (path, reason) => run.result.skipped.push({ path, reason }),
  }
  await eachOf(walk(source), albumsAtOnce, async (album) => {
    run.desk.signal.throwIfAborted()
    await importAlbum(run, album)
  })
}

const stoppedSentence = ({ result }: Run) =>
  `Stopped. ${result.imported} files were imported and stay; run the same command again to go on from there.`

const fullSentence = ({ result }: Run) =>
  `The disk is full. ${result.imported} files were imported and stay in the library; free some space and run the same command again: it goes on from there.`

function isFull(error: unknown): boolean {
  const { code, problem } = (error ?? {}) as { code?: string; problem?: { name: string } }
  return (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'SQLITE_FULL' ||
    code === '53100' ||
    problem?.name === storageFull.name
  )
}

async function record({ ctx, root, result }: Run): Promise<void> {
  const { found, imported, known, skipped } = result
  if (imported === 0) return
  const detail = { folder: root, found, imported, known, skipped: skipped.length }
  await ctx.db.tx((db) => ctx.audit.record(db, { action: 'catalog.imported', actor: null, detail }))
}
