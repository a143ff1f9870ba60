import { link, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileRow, pathKeyOf, saveFiles } from '../../plugins/catalog/import/files.ts'
import { createLog } from '../../server/log/index.ts'
import { openAppliance } from '../../server/main.ts'
import { loadConfig } from '../../server/settings/load.ts'
import { interleave, median, spread } from './kit/numbers.ts'
import { numbersFrom, runToEnd, scratch } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { layShortFiles } from './kit/short-files.ts'
import { vezaMain } from './kit/veza.ts'

const files = 1000
const rescanned = 50_000
const rounds = 3
const reader = fileURLToPath(new URL('./kit/read-metadata.ts', import.meta.url))

/** The command as a label runs it: start, import, end. */
function command(data: string, ...args: string[]): string {
  return runToEnd(process.execPath, [vezaMain(), ...args, '--data', data], { NODE_ENV: 'production' })
}

function seconds(work: () => void): number {
  const startedAt = performance.now()
  work()
  return (performance.now() - startedAt) / 1000
}

/** `veza import` of many short files beside music-metadata reading the same, and a look at many unchanged ones. */
export async function importing(): Promise<Finding> {
  const { dir, remove } = await scratch()
  try {
    const source = join(dir, 'music')
    await layShortFiles(source, files)
    let data = ''
    let made = 0
    const times = await interleave(rounds, {
      veza: async () => {
        data = join(dir, `data-${made++}`)
        command(data, 'init', '--yes', '--url', 'http://bench.test')
        return seconds(() => checked(command(data, 'import', source, '--json'), { imported: files }))
      },
      reader: async () => (numbersFrom(reader, [source])[0] ?? Number.NaN) / 1000,
      start: async () => seconds(() => command(data, 'track', 'list', '--limit', '1', '--json')),
    })
    const many = join(dir, 'many')
    await layMany(source, many, data)
    const again = await interleave(rounds, {
      many: async () => seconds(() => checked(command(data, 'import', many, '--json'), { known: rescanned })),
    })
    return finding(times, again.many ?? [])
  } finally {
    await remove()
  }
}

function checked(json: string, wanted: { imported?: number; known?: number }): void {
  const { imported, known, skipped } = JSON.parse(json) as Record<string, unknown>
  const said = wanted.imported === undefined ? known : imported
  if (said !== (wanted.imported ?? wanted.known))
    throw new Error(`The import said: ${JSON.stringify({ imported, known, skipped })}`)
}

/** Further names of the same files, written down as if each had been imported. */
async function layMany(source: string, many: string, data: string): Promise<void> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const loaded = loadConfig(data, {})
  const appliance = await openAppliance({ loaded, roles: [], log: createLog({ level: 'silent' }) })
  const db = appliance.sites[0]?.database.db
  if (!db) throw new Error('There is no site.')
  const known: FileRow[] = await db<FileRow>('catalog_import_files').whereIn('path_key', paths.map(pathKeyOf))
  const rows = new Map(known.map((row) => [row.path, row]))
  for (let album = 0; album * 10 < rescanned; album++) {
    const folder = join(many, String(album % 100), String(album))
    await mkdir(folder, { recursive: true })
    const added: FileRow[] = []
    for (let at = 0; at < 10; at++) {
      const from = paths[(album * 10 + at) % paths.length] ?? ''
      const path = join(folder, `${at}.${from.split('.').at(-1)}`)
      await link(from, path)
      const row = rows.get(from)
      if (!row) throw new Error(`${from} was not imported.`)
      added.push({ ...row, path, pathKey: pathKeyOf(path), mtimeMs: Math.floor((await stat(path)).mtimeMs) })
    }
    await db.tx((tx) => saveFiles(tx, added))
  }
  await appliance.stop()
}

function finding(times: Record<string, number[]>, again: number[]): Finding {
  const of = (name: string) => times[name] ?? []
  const rate = (all: readonly number[]) => all.map((time) => files / time)
  const ratios = of('veza').map((time, i) => time / (of('reader')[i] ?? Number.NaN))
  return {
    name: 'import',
    title: 'Importing a collection',
    how: `\`veza import\` of ${files} MP3 and FLAC files of 2 s with tags and covers, ten a folder, into a new site (SQLite): read, hashed twice (bytes, sound), tags and cover read, copied and synchronised to the disk, arranged into releases. From the start of the process to its end. Beside it, in turns: music-metadata reading the tags of the same files, 16 at once, without its start. The rescan looks at ${rescanned} files in ${rescanned / 10} folders of which none has changed (hard links of the same files, written down as imported). Median of ${rounds} rounds (least to greatest).`,
    columns: ['what', 'seconds', 'files a second', 'beside music-metadata'],
    rows: [
      ['veza import', spread(of('veza'), 1), spread(rate(of('veza')), 0), `${spread(ratios, 1)}x`],
      ['music-metadata alone', spread(of('reader'), 1), spread(rate(of('reader')), 0), '1x'],
      ['of it: start and end of a command', spread(of('start'), 1), '', ''],
      [
        `rescan of ${rescanned}`,
        spread(again, 1),
        spread(
          again.map((time) => rescanned / time),
          0,
        ),
        '',
      ],
    ],
    aims: [
      { what: 'import', measured: median(rate(of('veza'))), atLeast: 100, unit: 'files/s' },
      { what: `rescan of ${rescanned} unchanged files`, measured: median(again), atMost: 60, unit: 's' },
    ],
  }
}
