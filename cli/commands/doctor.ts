import { dataFolder } from '../../server/settings/load.ts'
import type { CommandRun } from '../command.ts'
import { exitCodes, print } from '../output.ts'
import { diagnose } from '../steps/doctor.ts'

/** `veza doctor`: exit code 1 where there is a finding. */
const run: CommandRun = async (options) => {
  const { isRunning, checks } = await diagnose(dataFolder(options.data))
  const findings = checks.filter(({ isOk }) => !isOk)
  const lines = checks.map(({ title, isOk, message, remedy }) =>
    isOk ? `ok    ${title}` : `FAIL  ${title}: ${message}\n      ${remedy}`,
  )
  const sum = findings.length === 0 ? 'Nothing is wrong.' : `${findings.length} of ${checks.length} need you.`
  print(options, { isOk: findings.length === 0, isRunning, checks }, [...lines, sum].join('\n'))
  return findings.length === 0 ? exitCodes.done : exitCodes.failed
}

export default run
