import { runningProcesses } from '../../server/admin/control.ts'
import type { ProcessStatus } from '../../server/admin/status.ts'
import { runFolder } from '../../server/main.ts'
import { existingData } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { exitCodes, print } from '../output.ts'
import { type Figure, findingsOf, jobFigures, machineFigures, since, siteFigures } from '../steps/figures.ts'

/** `veza status`: a live screen on a terminal, else once. Exit code 1 where no server runs. */
const run: CommandRun = async (options) => {
  const dataDir = existingData(options)
  const look = () => runningProcesses(runFolder(dataDir))
  const processes = await look()
  const isRunning = processes.length > 0
  if (isRunning && !options.json && process.stdin.isTTY && process.stdout.isTTY) {
    const { runStatusScreen } = await import('../screens/status.tsx')
    return runStatusScreen(processes, look)
  }
  print(
    options,
    { isRunning, processes },
    isRunning
      ? textOf(processes)
      : `No server runs on ${dataDir}.\nStart it with: veza start --data ${dataDir}`,
  )
  return isRunning ? exitCodes.done : exitCodes.failed
}

function textOf(processes: readonly ProcessStatus[]): string {
  const names = [...new Set(processes.flatMap(({ sites }) => sites.map(({ name }) => name)))]
  return [
    ...processes.map(
      ({ pid, version, roles, startedAt, httpPort }) =>
        `Veza ${version}, process ${pid}: ${roles.join(', ')}; port ${httpPort}; up ${since(startedAt)}`,
    ),
    ...lines(machineFigures(processes)),
    ...names.flatMap((name) => [
      `Site ${name}  ${processes[0]?.sites.find((site) => site.name === name)?.url ?? ''}`,
      ...lines([...siteFigures(processes, name), ...jobFigures(processes, name)]),
    ]),
    ...findingsOf(processes).map(({ message, remedy }) => `! ${message}\n    ${remedy}`),
  ].join('\n')
}

const lines = (figures: Figure[]): string[] => figures.map(({ label, value }) => `  ${label}: ${value}`)

export default run
