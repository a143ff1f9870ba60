import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFile } from 'music-metadata'

/** Run as a process of its own: FOLDER. Reads the tags of all files in it and prints the milliseconds it took. */
async function run([folder = '']: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const startedAt = performance.now()
  let at = 0
  const reader = async () => {
    for (let path = paths[at++]; path; path = paths[at++]) await parseFile(path)
  }
  await Promise.all(Array.from({ length: 16 }, reader))
  process.stdout.write(JSON.stringify([performance.now() - startedAt]))
}

await run(process.argv.slice(2))
