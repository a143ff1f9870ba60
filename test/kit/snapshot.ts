import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'

const folder = fileURLToPath(new URL('../snapshots/', import.meta.url))

/**
 * Compares a text with the file of that name in test/snapshots. With VEZA_UPDATE_SNAPSHOTS=1 it writes the file
 * instead: the change is then reviewed as a diff.
 */
export async function matchSnapshot(name: string, text: string): Promise<void> {
  const file = join(folder, name)
  if (process.env.VEZA_UPDATE_SNAPSHOTS === '1') {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    return
  }
  const known = existsSync(file) ? readFileSync(file, 'utf8') : ''
  assert.fixture(
    text,
    known,
    `test/snapshots/${name} is not what the code makes. If the change is meant, write it anew and review the diff:\n` +
      'VEZA_UPDATE_SNAPSHOTS=1 node --conditions=veza-source --import tsx test/snapshots.test.ts',
  )
}
