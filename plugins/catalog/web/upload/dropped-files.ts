import { groupBy } from '#web'

/** A file with its place below the folder it was dropped with. */
export interface DroppedFile {
  file: File
  relativePath: string
}

const mostFiles = 2000

/** The files of a drop, folders opened, in the order of their names. */
export async function filesOfDrop(data: DataTransfer): Promise<DroppedFile[]> {
  // Read at once: the list is empty after the event.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const found: DroppedFile[] = []
  for (const entry of entries) await collect(entry, '', found)
  return chosen(found)
}

/** The files of an `<input>`, of a folder where it chose one. */
export function filesOfInput(list: FileList | null): DroppedFile[] {
  const files = [...(list ?? [])].map((file) => ({
    file,
    relativePath: file.webkitRelativePath || file.name,
  }))
  return chosen(files)
}

const inOrder = new Intl.Collator('en', { numeric: true })
const ofTheSystem = /(?:^|\/)(?:\.[^/]*|Thumbs\.db|desktop\.ini)$/i
const picture = /\.(?:jpe?g|png|webp|gif)$/i
const isDisc = /^(?:cd|disc|disk|disque|lp|side|vinyl)[\s._-]*(?:\d{1,2}|[a-d])$/i

/** Goes after the sound it is the cover of. */
export const isPicture = ({ relativePath }: Pick<DroppedFile, 'relativePath'>) => picture.test(relativePath)

/**
 * What is sent, in the order of the names: of the pictures beside sound the one that is the cover, and last; the others
 * stay, and so do files of the operating system. Pictures alone go all: each is told what is wrong with it.
 */
export function chosen<T extends Pick<DroppedFile, 'relativePath'>>(files: readonly T[]): T[] {
  const sorted = files
    .filter(({ relativePath }) => !ofTheSystem.test(relativePath))
    .sort((a, b) => inOrder.compare(a.relativePath, b.relativePath))
  const sound = sorted.filter((file) => !isPicture(file))
  const folders = new Set(sound.map(albumOf))
  const covers = [...groupBy(sorted.filter(isPicture), ({ relativePath }) => folderOf(relativePath))]
    .filter(([folder]) => sound.length === 0 || folders.has(folder))
    .flatMap(([, some]) =>
      sound.length === 0 ? some : some.toSorted((a, b) => rank(a) - rank(b)).slice(0, 1),
    )
  return [...sound, ...covers].slice(0, mostFiles)
}

const folderOf = (path: string) => path.split('/').slice(0, -1).join('/')

/** The folder of an album, also of what lies in that of one of its discs. */
function albumOf({ relativePath }: Pick<DroppedFile, 'relativePath'>): string {
  const folder = folderOf(relativePath)
  return isDisc.test(folder.split('/').at(-1) ?? '') && folder.includes('/') ? folderOf(folder) : folder
}

function rank({ relativePath }: Pick<DroppedFile, 'relativePath'>): number {
  const name = relativePath.split('/').at(-1) ?? ''
  if (/^(?:cover|folder|front|album ?art)\b/i.test(name)) return 0
  if (/cover|front/i.test(name)) return 1
  return /back|inlay|inside|disc|cd|label|booklet|scan/i.test(name) ? 3 : 2
}

async function collect(entry: FileSystemEntry, folder: string, found: DroppedFile[]): Promise<void> {
  if (found.length >= mostFiles || entry.name.startsWith('.')) return
  const path = folder + entry.name
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    found.push({ file, relativePath: path })
    return
  }
  for (const inside of await entriesOf(entry as FileSystemDirectoryEntry))
    await collect(inside, `${path}/`, found)
}

/** A folder is read in parts; an empty part is its end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (part.length === 0) return all
    all.push(...part)
  }
}
