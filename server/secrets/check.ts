import { stat } from 'node:fs/promises'
import type { Check } from '../sdk/index.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { keyFile } from './keyring.ts'

/** Looks at the file of the keys: there, and for its owner alone. */
export const keyCheck = ({ config, dataDir }: Pick<LoadedConfig, 'config' | 'dataDir'>): Check => ({
  id: 'keys',
  title: 'Keys of the appliance',
  run: async () => {
    if (config.security.instanceKey !== undefined) return null
    const file = keyFile(dataDir)
    const found = await stat(file).catch(() => null)
    if (!found)
      return {
        message: `The keys are not at ${file}: what was sealed with them cannot be read.`,
        remedy: 'Put the file back from a backup. Where this version never ran, the first start makes it.',
      }
    if ((found.mode & 0o077) === 0) return null
    return {
      message: `Others on this machine may read the keys at ${file}.`,
      remedy: `chmod 600 ${file}; where strangers had access, also: veza key rotate`,
    }
  },
})
