import { cp, lstat, mkdir, readdir } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { extract, list, type ReadEntry } from 'tar'
import { VezaError } from '../../server/errors.ts'

const mostEntries = 20_000
const mostBytes = 512 * 1024 ** 2

/** Brings a plugin's folder or .tgz into `folder`, which must not exist; throws on anything but plain files. */
export async function unpackPlugin(path: string, folder: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (found?.isDirectory()) return copyFolder(path, folder)
  if (!found?.isFile())
    throw new VezaError(`There is no plugin at ${path}.`, 'Give a folder, or a .tgz made by `npm pack`.', {
      isUsage: true,
    })
  await checkArchive(path)
  const outside = `${folder}.unpacked`
  await mkdir(outside, { recursive: true })
  await extract({ file: path, cwd: outside, strict: true, noMtime: true, preserveOwner: false })
  await copyFolder(await onlyFolderIn(outside), folder)
}

/** Reads the whole archive before anything of it is written. */
async function checkArchive(file: string): Promise<void> {
  let entries = 0
  let bytes = 0
  let fault: string | null = null
  const look = (entry: ReadEntry) => {
    entries++
    bytes += entry.size
    fault ??= faultOf(entry)
    if (entries > mostEntries || bytes > mostBytes) fault ??= 'it is too large'
  }
  try {
    await list({ file, strict: true, onReadEntry: look })
  } catch (cause) {
    throw new VezaError(`${file} is not a readable .tgz archive.`, 'Make it with `npm pack`.', { cause })
  }
  if (fault !== null || entries === 0)
    throw new VezaError(
      `${file} was refused: ${fault ?? 'it is empty'}.`,
      'A plugin’s archive holds plain files and folders below one folder, as `npm pack` makes it.',
    )
}

function faultOf({ path, type }: ReadEntry): string | null {
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return `it names the absolute path ${path}`
  if (path.split(/[\\/]/).includes('..')) return `it leads out of its folder by ${path}`
  if (!['File', 'OldFile', 'ContiguousFile', 'Directory'].includes(type))
    return `${path} is a ${type}, not a file or folder`
  return null
}

async function onlyFolderIn(folder: string): Promise<string> {
  const [first, ...others] = await readdir(folder, { withFileTypes: true })
  return first?.isDirectory() && others.length === 0 ? join(folder, first.name) : folder
}

/** Copies plain files; links are refused, but for the ones npm makes to programs of packages, which are left out. */
async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    filter: async (path) => {
      if (basename(path) === '.git' || path.includes(`${sep}node_modules${sep}.bin`)) return false
      const found = await lstat(path)
      if (found.isFile() || found.isDirectory()) return true
      throw new VezaError(
        `${path} is a link or a device, not a file or folder.`,
        'A plugin’s folder holds plain files only.',
      )
    },
  })
}
