import { ProblemError } from '#sdk'
import { arrange, arrangeDry, type Brought } from './arrange.ts'
import { filesByPath } from './files.ts'
import { type Fresh, type KnownFile, takeOutKnown } from './match.ts'
import { countKnown, type Run, showProgress, skipFile } from './run.ts'
import { type Album, codeOf, type SourceFile } from './walk.ts'

/** Read before any is copied; their covers are in memory meanwhile. */
const handful = 16

/** What a large folder holds is done part by part, so that what is known of its files fits into memory. */
const filesAPart = 200

/** One album: what is unchanged is not opened, the rest is read, brought and arranged. */
export async function importAlbum(run: Run, { files, cover }: Album): Promise<void> {
  const rows = await filesByPath(
    run.ctx.db,
    files.map(({ path }) => path),
  )
  const beside: KnownFile[] = []
  const changed: SourceFile[] = []
  for (const file of files) {
    const row = rows.get(file.path)
    if (!row || row.sizeBytes !== file.sizeBytes || row.mtimeMs !== file.mtimeMs) {
      changed.push(file)
      continue
    }
    beside.push({ name: file.name, row })
    if (row.fault) skipFile(run, file, row.fault, true)
    else countKnown(run)
  }
  showProgress(run, beside.length, beside.at(-1)?.name ?? '')
  let picture = beside.length === 0 ? cover : null
  for (let at = 0; at < changed.length; at += filesAPart) {
    run.desk.signal.throwIfAborted()
    if (await importPart(run, { files: changed.slice(at, at + filesAPart), picture, beside })) picture = null
  }
}

interface Part {
  files: readonly SourceFile[]
  picture: string | null
  /** Those of the album that have their tracks; this part's come to them. */
  beside: KnownFile[]
}

/** Says whether the picture was used. */
async function importPart(run: Run, { files, picture, beside }: Part): Promise<boolean> {
  const all: Fresh[] = []
  const brought: Brought[] = []
  for (let at = 0; at < files.length; at += handful) {
    const some = files.slice(at, at + handful)
    const looked = await lookAt(run, some)
    showProgress(run, some.length, some[0]?.name ?? '')
    if (looked.length === 0) continue
    const { left, known } = await run.turn(() => takeOutKnown(run, looked))
    all.push(...left)
    beside.push(...known)
    if (!run.wish.isDry) brought.push(...(await bringAll(run, left, brought.length === 0 ? picture : null)))
  }
  if (run.wish.isDry && all.length > 0) await run.turn(() => arrangeDry(run, all, beside))
  if (brought.length > 0) beside.push(...(await run.turn(() => arrange(run, brought, beside))))
  return brought.length > 0
}

async function lookAt(run: Run, files: readonly SourceFile[]): Promise<Fresh[]> {
  const { media } = run.ctx.needs
  const looked = await Promise.all(
    files.map((file) =>
      run.files(async () => {
        try {
          return { file, looked: await media.look({ path: file.path, relativePath: file.name }) }
        } catch (error) {
          skipFile(run, file, reasonOf(error), isSound(error))
          return null
        }
      }),
    ),
  )
  return looked.filter((one) => one !== null)
}

/** Copies; the picture beside them goes with the first. */
async function bringAll(run: Run, fresh: readonly Fresh[], cover: string | null): Promise<Brought[]> {
  const { ctx, prefix } = run
  const brought = await Promise.all(
    fresh.map(({ file, looked }, at) =>
      run.files(async () => {
        try {
          const { assetId } = await ctx.needs.media.bring({
            path: file.path,
            relativePath: `${prefix}${file.name}`,
            ownerId: null,
            batch: null,
            looked,
            cover: at === 0 ? cover : null,
          })
          return { file, looked, assetId }
        } catch (error) {
          // Anything else is wrong with the library, not with the file.
          if (!(error instanceof ProblemError && error.problem.status === 422)) throw error
          skipFile(run, file, reasonOf(error), isSound(error))
          return null
        }
      }),
    ),
  )
  return brought.filter((one) => one !== null)
}

const reasonOf = (error: unknown): string =>
  error instanceof ProblemError
    ? (error.detail ?? error.problem.title)
    : `This file cannot be read (${codeOf(error)}).`

const isSound = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.name !== 'media.not-audio'
