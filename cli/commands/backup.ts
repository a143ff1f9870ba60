import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { configOf } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { print } from '../output.ts'
import { backup, usualArchive } from '../steps/backup.ts'

/** `veza backup [FILE]` */
const run: CommandRun = async (options, [name]) => {
  const loaded = configOf(options)
  const file = name === undefined ? usualArchive(loaded.dataDir) : resolve(name)
  const { entries, sites, database } = await backup(loaded, file)
  const { size } = await stat(file)
  print(
    options,
    { file, sizeBytes: size, entries: entries.length, sites: sites.map((site) => site.name), database },
    [
      `Wrote ${file} (${(size / 1024 ** 2).toFixed(1)} MB, ${entries.length} entries).`,
      'It holds passwords’ hashes, the secrets of config.yaml and the keys of all other secrets: keep it where only you can read it.',
    ].join('\n'),
  )
}

export default run
