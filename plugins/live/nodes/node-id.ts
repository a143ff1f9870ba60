import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '#sdk'
import type { LiveContext } from '../settings.ts'

const known = new WeakMap<LiveContext, string>()

/** Of the machine, or rather of its data folder: whose streams lie here. Made once, shared by its processes. */
export function nodeIdOf(ctx: LiveContext): string {
  const id = known.get(ctx) ?? readOrMake(ctx.storage.localFolder('live-node'))
  known.set(ctx, id)
  return id
}

function readOrMake(folder: string): string {
  const path = join(folder, 'id')
  const found = read(path)
  if (found) return found
  mkdirSync(folder, { recursive: true })
  const own = join(folder, `.${newId()}`)
  writeFileSync(own, newId())
  try {
    // Of two processes that start at once, the first names the machine.
    linkSync(own, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(own, { force: true })
  }
  return readFileSync(path, 'utf8')
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
