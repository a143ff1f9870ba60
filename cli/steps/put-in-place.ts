import { access, constants, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VezaError } from '../../server/errors.ts'
import { makeFolders } from './make-folders.ts'

/** A folder to build a data folder in, near enough to its place that it can be moved there at once. */
export interface Staging {
  folder: string
  /** Moves what was there aside and the new in; resolves to the way back, and to where the old is. */
  putInPlace(): Promise<{ aside: string | null; undo(): Promise<void> }>
  remove(): Promise<void>
}

/** Throws where `target` holds something, unless `force`. */
export async function openStaging(target: string, force: boolean): Promise<Staging> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  const held = (names ?? []).filter((name) => name !== 'lost+found')
  if (held.length > 0 && !force)
    throw new VezaError(
      `${target} is not empty (${held.slice(0, 3).join(', ')}).`,
      'Choose another folder with --data, or say --force to move what is there aside.',
    )
  const parent = dirname(target)
  await makeFolders(parent)
  const mark = new Date().toISOString().replace(/[-:.]/g, '')
  if (names === null || (await canBeReplaced(target, parent)))
    return beside(target, held.length > 0 ? `${target}.before-${mark}` : null)
  return inside(target, held, `trash/before-restore-${mark}`)
}

/** A mounted folder, or one in a folder that is not ours to write, can only be filled, not replaced. */
async function canBeReplaced(target: string, parent: string): Promise<boolean> {
  const isWritable = await access(parent, constants.W_OK).then(
    () => true,
    () => false,
  )
  return isWritable && (await stat(target)).dev === (await stat(parent)).dev
}

async function beside(target: string, aside: string | null): Promise<Staging> {
  const folder = await mkdtemp(join(dirname(target), `.${basename(target)}-restore-`))
  return {
    folder,
    putInPlace: async () => {
      if (aside !== null) await rename(target, aside)
      // An empty folder gives way to the one renamed onto it.
      await rename(folder, target).catch(async (error: unknown) => {
        if (aside !== null) await rename(aside, target)
        throw error
      })
      const undo = async () => {
        await rename(target, folder)
        if (aside !== null) await rename(aside, target)
      }
      return { aside, undo }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function inside(target: string, held: readonly string[], trash: string): Promise<Staging> {
  const folder = await mkdtemp(join(target, '.restore-'))
  const aside = held.length > 0 ? join(target, trash) : null
  return {
    folder,
    putInPlace: async () => {
      const moves: [from: string, to: string][] = []
      if (aside !== null) {
        await mkdir(aside, { recursive: true, mode: 0o700 })
        moves.push(
          ...held
            .filter((name) => name !== 'trash')
            .map((name): [string, string] => [join(target, name), join(aside, name)]),
        )
      }
      // Settings come last: without them the folder does not pass for a finished one.
      const names = (await readdir(folder)).sort(
        (a, b) => Number(a === 'config.yaml') - Number(b === 'config.yaml'),
      )
      moves.push(...names.map((name): [string, string] => [join(folder, name), join(target, name)]))
      return { aside, undo: await moveAll(moves) }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Moves in order; after a failure everything is where it was. Resolves to the way back. */
async function moveAll(moves: readonly [from: string, to: string][]): Promise<() => Promise<void>> {
  const done: [from: string, to: string][] = []
  const undo = async () => {
    for (const [from, to] of done.splice(0).reverse()) await rename(to, from)
  }
  try {
    for (const [from, to] of moves) {
      await rename(from, to)
      done.push([from, to])
    }
    return undo
  } catch (error) {
    await undo()
    throw error
  }
}
