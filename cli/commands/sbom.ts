import type { CommandRun } from '../command.ts'
import { table } from '../output.ts'
import { cycloneDx, installedComponents } from '../steps/sbom.ts'

/** `veza sbom [--text]` */
const run: CommandRun = async (options) => {
  const found = await installedComponents()
  const rows = [found.own, ...found.others].map(({ name, version, licence }) => [
    name,
    version,
    licence || '?',
  ])
  const text = options.text
    ? table(['PACKAGE', 'VERSION', 'LICENCE'], rows)
    : JSON.stringify(cycloneDx(found, new Date()), null, 2)
  process.stdout.write(`${text}\n`)
}

export default run
