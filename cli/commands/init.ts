import { VezaError } from '../../server/errors.ts'
import { dataFolder } from '../../server/settings/load.ts'
import type { CommandRun } from '../command.ts'
import { passwordFrom } from '../flags.ts'
import { print } from '../output.ts'
import { defaultUrl, initialise, isInitialised } from '../steps/initialise.ts'

/** `veza init`: from flags, or by the wizard on a terminal. */
const run: CommandRun = async (options) => {
  const dataDir = dataFolder(options.data)
  if (await isInitialised(dataDir)) {
    print(
      options,
      { data: dataDir, made: false },
      `${dataDir} is already set up; nothing was changed.\nStart it with: veza start --data ${dataDir}`,
    )
    return
  }
  if (!options.yes && process.stdin.isTTY && process.stdout.isTTY) {
    const { runWizard } = await import('../screens/init-wizard.tsx')
    return runWizard(dataDir)
  }
  if (!options.yes)
    throw new VezaError(
      'There is no terminal to ask on.',
      'Run `veza init --yes`, with --url, --admin-email and --admin-password-file where you know them.',
      { isUsage: true },
    )
  const result = await initialise({ dataDir, ...(await wishes(options)) })
  print(
    options,
    { data: dataDir, made: true, url: result.url, setupUrl: result.setUpUrl, admin: result.owner },
    [
      `Made ${dataDir}`,
      `Address: ${result.url}`,
      result.owner ? `Owner: ${result.owner}` : `Make the owner at: ${result.setUpUrl}`,
      `Start it with: veza start --data ${dataDir}`,
    ].join('\n'),
  )
}

async function wishes(options: Record<string, unknown>) {
  const {
    url,
    title,
    adminEmail: email,
    adminPasswordFile: file,
  } = options as Record<string, string | undefined>
  if ((email === undefined) !== (file === undefined))
    throw new VezaError(
      'The owner needs an e-mail address and a password.',
      'Give both --admin-email and --admin-password-file, or neither.',
      { isUsage: true },
    )
  return {
    url: url ?? defaultUrl(),
    ...(title ? { title } : {}),
    ...(email && file
      ? { owner: { email, password: await passwordFrom(file, '--admin-password-file') } }
      : {}),
  }
}

export default run
