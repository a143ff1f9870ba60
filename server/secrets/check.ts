import { stat } from 'node:fs/promises'
import type { Check } from '../sdk/index.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { keyFile } from './keyring.ts'

/** Looks at the file of the keys: there, and for its owner alone. */
export const keyCheck = ({ config, dataDir }: Pick<LoadedConfig, 'config' | 'dataDir'>): Check => ({
  id: 'keys',
  title: { en: 'Keys of the appliance', fr: 'Clés de cette machine' },
  run: async () => {
    if (config.security.instanceKey !== undefined) return null
    const file = keyFile(dataDir)
    const found = await stat(file).catch(() => null)
    if (!found)
      return {
        message: {
          en: `The keys are not at ${file}: what was sealed with them cannot be read.`,
          fr: `Les clés ne sont pas dans ${file} : ce qu’elles scellent ne peut pas être lu.`,
        },
        remedy: {
          en: 'Put the file back from a backup. Where this version never ran, the first start makes it.',
          fr: 'Remettez le fichier depuis une sauvegarde. Si cette version n’a jamais tourné, le premier démarrage le crée.',
        },
      }
    if ((found.mode & 0o077) === 0) return null
    return {
      message: {
        en: `Others on this machine may read the keys at ${file}.`,
        fr: `D’autres comptes de cette machine peuvent lire les clés dans ${file}.`,
      },
      remedy: {
        en: `chmod 600 ${file}; where strangers had access, also: veza key rotate`,
        fr: `chmod 600 ${file} ; si des inconnus y avaient accès, aussi : veza key rotate`,
      },
    }
  },
})
