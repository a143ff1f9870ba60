import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { discFolder } from '../group-drafts.ts'
import { coverAmong, isCover, isHidden, reasonByName } from './names.ts'

/** A file that may be a sound. */
export interface SourceFile {
  /** Absolute. */
  path: string
  /** Below the imported folder, with `/` between. */
  name: string
  sizeBytes: number
  /** Whole milliseconds. */
  mtimeMs: number
}

/** What lies in one folder and in those of its discs. */
export interface Album {
  files: SourceFile[]
  /** Path of the picture beside them. */
  cover: string | null
}

export interface Source {
  /** Absolute, without links. */
  root: string
  /** Folders that are never entered: the library's own. */
  without: readonly string[]
  skip(name: string, reason: string): void
}

interface Listed {
  files: string[]
  folders: string[]
  pictures: string[]
}

const collator = new Intl.Collator('en', { numeric: true })
const statsAtOnce = 64

/** Album after album in natural order; a folder is only read when it is its turn. Nothing is ever written. */
export async function* walk(source: Source, name = ''): AsyncGenerator<Album> {
  const own = await list(source, name)
  const discs = own.folders.filter((folder) => discFolder.test(last(folder)))
  const files = [...own.files]
  const pictures = [...own.pictures]
  const inDiscs: string[] = []
  for (const disc of discs) {
    const listed = await list(source, disc)
    files.push(...listed.files)
    pictures.push(...listed.pictures)
    inDiscs.push(...listed.folders)
  }
  const found = await statAll(source, files)
  const cover = own.pictures.length > 0 ? coverOf(own.pictures) : coverOf(pictures)
  if (found.length > 0) yield { files: found, cover: cover === undefined ? null : join(source.root, cover) }
  for (const folder of own.folders) if (!discs.includes(folder)) yield* walk(source, folder)
  for (const folder of inDiscs) yield* walk(source, folder)
}

const last = (name: string) => name.slice(name.lastIndexOf('/') + 1)

function coverOf(names: readonly string[]): string | undefined {
  const best = coverAmong(names.map(last))
  return names.find((name) => last(name) === best)
}

/** Whether the folder itself is an album: nothing lies in it but files and discs. */
export async function isAlbumFolder(root: string): Promise<boolean> {
  const entries = await readdir(root, { withFileTypes: true })
  return entries.every((entry) => !entry.isDirectory() || isHidden(entry.name) || discFolder.test(entry.name))
}

async function list(source: Source, folder: string): Promise<Listed> {
  const { root, skip } = source
  const listed: Listed = { files: [], folders: [], pictures: [] }
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    skip(folder, `This folder cannot be read (${codeOf(error)}).`)
    return []
  })
  for (const entry of entries.sort((a, b) => collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1)))
    if (!isHidden(entry.name))
      sort(source, entry, { name: folder ? `${folder}/${entry.name}` : entry.name, listed })
  return listed
}

function sort(source: Source, entry: Dirent, { name, listed }: { name: string; listed: Listed }): void {
  const reason = reasonAgainst(source, entry, name)
  if (reason) source.skip(name, reason)
  else if (entry.isDirectory()) listed.folders.push(name)
  else if (isCover(entry.name)) listed.pictures.push(name)
  else listed.files.push(name)
}

function reasonAgainst({ root, without }: Source, entry: Dirent, name: string): string | null {
  // Bytes that are no UTF-8 were replaced when the name was read: nothing can be opened by it.
  if (entry.name.includes('\ufffd')) return 'This name is not valid UTF-8; rename it.'
  if (entry.isSymbolicLink()) return 'This is a link; what it leads to is imported where it lies.'
  if (entry.isDirectory())
    return without.includes(join(root, name)) ? 'The library itself keeps its files here.' : null
  if (!entry.isFile()) return 'This is neither a file nor a folder.'
  return isCover(entry.name) ? null : reasonByName(entry.name)
}

async function statAll(source: Source, names: readonly string[]): Promise<SourceFile[]> {
  const found: SourceFile[] = []
  for (let at = 0; at < names.length; at += statsAtOnce) {
    const some = await Promise.all(names.slice(at, at + statsAtOnce).map((name) => statOne(source, name)))
    found.push(...some.filter((file) => file !== null))
  }
  return found
}

async function statOne({ root, skip }: Source, name: string): Promise<SourceFile | null> {
  const path = join(root, name)
  try {
    const { size, mtimeMs } = await lstat(path)
    return { path, name, sizeBytes: size, mtimeMs: Math.floor(mtimeMs) }
  } catch (error) {
    skip(name, `This file cannot be read (${codeOf(error)}).`)
    return null
  }
}

export const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException | null)?.code ??
  ((error as Error | null)?.cause as NodeJS.ErrnoException | undefined)?.code ??
  'no reason given'
