import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { runningProcesses } from '../../server/admin/control.ts'
import { VezaError } from '../../server/errors.ts'
import { runFolder } from '../../server/main.ts'
import { dataFolder } from '../../server/settings/load.ts'
import type { CommandRun } from '../command.ts'
import { print } from '../output.ts'
import { restore } from '../steps/restore.ts'

/** `veza restore FILE --data DIR` */
const run: CommandRun = async (options, [name = '']) => {
  const file = resolve(name)
  const dataDir = dataFolder(options.data)
  if (!existsSync(file))
    throw new VezaError(`There is no archive at ${file}.`, 'Give the path of a file made by `veza backup`.', {
      isUsage: true,
    })
  if ((await runningProcesses(runFolder(dataDir))).length > 0)
    throw new VezaError(`A server runs on ${dataDir}.`, `Stop it first: veza stop --data ${dataDir}`)
  const { manifest, aside } = await restore(file, dataDir, options.force === true)
  print(
    options,
    {
      data: dataDir,
      version: manifest.version,
      createdAt: manifest.createdAt,
      sites: manifest.sites.map((site) => site.name),
      entries: manifest.entries.length,
      aside,
    },
    [
      `Restored ${dataDir} as it was at ${manifest.createdAt} (Veza ${manifest.version}).`,
      ...(aside === null ? [] : [`What was there is in ${aside}.`]),
      `Start it with: veza start --data ${dataDir}`,
    ].join('\n'),
  )
}

export default run
