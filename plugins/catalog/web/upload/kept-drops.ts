import { listAssets } from '#plugins/media'
import { call } from '#web'
import type { DroppedFile } from './dropped-files.ts'

/** A file of a drop; `uploadId` once it has arrived. */
interface KeptFile {
  path: string
  sizeBytes: number
  changedMs: number
  uploadId: string | null
}

/** What was dropped together, remembered by the browser so that the same files dropped again go on with it. */
export interface KeptDrop {
  batch: string
  at: number
  files: KeptFile[]
}

interface Facts {
  relativePath: string
  file: Pick<File, 'name' | 'size' | 'lastModified'>
}

const storageKey = 'veza.drops'
const mostKept = 5
/** The server forgets by then what was not finished. */
const keptMs = 7 * 86_400_000

/**
 * What is to be sent of a drop: where some of it is known of one that is not arranged yet, the rest of that, under its
 * batch and in its folder. `there`: uploads whose files wait to be arranged.
 */
export function goOnWith<T extends Facts>(
  drops: readonly KeptDrop[],
  files: readonly T[],
  there: ReadonlySet<string>,
): { batch: string | null; files: T[] } {
  const isOpen = ({ uploadId }: KeptFile) => uploadId === null || there.has(uploadId)
  for (const drop of drops) {
    const pairs = files.map((file) => ({ file, kept: keptOf(drop, file) }))
    if (!pairs.some(({ kept }) => kept && isOpen(kept))) continue
    const rest = pairs.filter(({ kept }) => !kept?.uploadId || !there.has(kept.uploadId))
    return {
      batch: drop.batch,
      files: rest.map(({ file, kept }) => ({ ...file, relativePath: kept?.path ?? file.relativePath })),
    }
  }
  return { batch: null, files: [...files] }
}

/** The same place, or the same file without the folder that it was dropped with. */
function keptOf({ files }: KeptDrop, { relativePath, file }: Facts): KeptFile | undefined {
  const same = files.filter(
    ({ path, sizeBytes, changedMs }) =>
      sizeBytes === file.size && changedMs === file.lastModified && path.split('/').at(-1) === file.name,
  )
  return same.find(({ path }) => path === relativePath) ?? same[0]
}

/** The drop as it is to be sent, noted under its batch. */
export async function takeUp(
  found: readonly DroppedFile[],
): Promise<{ batch: string; files: DroppedFile[] }> {
  const drops = read()
  const known = goOnWith(drops, found, drops.length > 0 ? await looseUploads() : new Set())
  const batch = known.batch ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`
  const before = drops.find((drop) => drop.batch === batch)?.files ?? []
  const fresh = known.files.map(({ file, relativePath: path }) => ({
    path,
    sizeBytes: file.size,
    changedMs: file.lastModified,
    uploadId: null,
  }))
  const sent = new Set(fresh.map(({ path }) => path))
  const drop = { batch, at: Date.now(), files: [...before.filter(({ path }) => !sent.has(path)), ...fresh] }
  write([drop, ...drops.filter((one) => one.batch !== batch)])
  return { batch, files: known.files }
}

/** A file of it has arrived. */
export function noteArrived(batch: string, path: string, uploadId: string | null): void {
  const noted = (drop: KeptDrop): KeptDrop => ({
    ...drop,
    files: drop.files.map((file) => (file.path === path ? { ...file, uploadId } : file)),
  })
  write(read().map((drop) => (drop.batch === batch ? noted(drop) : drop)))
}

/** Uploads whose files are there and part of no release. */
async function looseUploads(): Promise<Set<string>> {
  const ids = new Set<string>()
  let after: string | undefined
  do {
    const query = { isLoose: true, limit: 100, ...(after && { after }) }
    const page = await call(listAssets, { query })
    for (const { uploadId, state } of page.items) if (uploadId && state !== 'failed') ids.add(uploadId)
    after = page.next ?? undefined
  } while (after && ids.size < 2000)
  return ids
}

function read(): KeptDrop[] {
  try {
    const drops = JSON.parse(localStorage.getItem(storageKey) ?? '[]') as KeptDrop[]
    return drops.filter(({ at }) => at > Date.now() - keptMs)
  } catch {
    return []
  }
}

// Storage may be switched off or full: a drop is then one as long as the page stays.
function write(drops: readonly KeptDrop[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(drops.slice(0, mostKept)))
  } catch {}
}
