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
  return sorted(found)
}

/** The files of an `<input>`, of a folder where it chose one. */
export function filesOfInput(list: FileList | null): DroppedFile[] {
  const files = [...(list ?? [])].map((file) => ({
    file,
    relativePath: file.webkitRelativePath || file.name,
  }))
  return sorted(files.filter(({ file }) => !file.name.startsWith('.')))
}

const inOrder = new Intl.Collator('en', { numeric: true })
const sorted = (files: DroppedFile[]) =>
  files.sort((a, b) => inOrder.compare(a.relativePath, b.relativePath)).slice(0, mostFiles)

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
