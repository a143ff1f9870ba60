import { statfs } from 'node:fs/promises'
import type { admin } from '#contract'
import type { Check, Finding, Words } from '../sdk/index.ts'

const lowBytes = 2 * 1024 ** 3

/** Checks of the machine that hold for every site. */
export function machineChecks(dataDir: string, ffmpeg: () => Promise<string | null>): Check[] {
  return [
    {
      id: 'node',
      title: { en: 'Node version', fr: 'Version de Node' },
      run: async () => {
        const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
        const isFit = major > 22 || (major === 22 && minor >= 14)
        return isFit
          ? null
          : {
              message: {
                en: `Node ${process.versions.node} is too old.`,
                fr: `Node ${process.versions.node} est trop ancien.`,
              },
              remedy: {
                en: 'Install Node 24, or run ./install.sh, which brings it.',
                fr: 'Installez Node 24, ou lancez ./install.sh, qui l’apporte.',
              },
            }
      },
    },
    {
      id: 'disk',
      title: { en: 'Free disk space', fr: 'Place libre sur le disque' },
      run: async () => {
        const { bavail, bsize } = await statfs(dataDir)
        const free = bavail * bsize
        const gb = (free / 1024 ** 3).toFixed(1)
        return free > lowBytes
          ? null
          : {
              message: {
                en: `Only ${gb} GB are free in ${dataDir}.`,
                fr: `Il ne reste que ${gb.replace('.', ',')} Go dans ${dataDir}.`,
              },
              remedy: {
                en: 'Delete old replays or move the data folder to a larger disk.',
                fr: 'Supprimez d’anciennes rediffusions, ou mettez le dossier de données sur un disque plus grand.',
              },
            }
      },
    },
    {
      id: 'ffmpeg',
      title: 'ffmpeg',
      run: async () => {
        const found = await ffmpeg()
        return found
          ? null
          : {
              message: {
                en: 'ffmpeg was not found: streams work, but posters and audio levels do not.',
                fr: 'ffmpeg est introuvable : les directs marchent, mais sans images ni niveau sonore.',
              },
              remedy: 'sudo apt-get install -y ffmpeg',
            }
      },
    },
  ]
}

/** Runs checks, in words of that language; one that throws is a finding too. */
export async function runChecks(checks: readonly Check[], language = 'en'): Promise<admin.CheckResult[]> {
  const say = (words: Words) => (typeof words === 'string' ? words : language === 'fr' ? words.fr : words.en)
  return Promise.all(
    checks.map(async ({ id, title, run }) => {
      const finding = await run().catch(failed)
      return {
        id,
        title: say(title),
        isOk: finding === null,
        message: say(finding?.message ?? ''),
        remedy: say(finding?.remedy ?? ''),
      }
    }),
  )
}

function failed(error: unknown): Finding {
  const reason = error instanceof Error ? error.message : error
  return {
    message: { en: `The check itself failed: ${reason}`, fr: `Le contrôle lui-même a échoué : ${reason}` },
    remedy: { en: 'See `veza logs`.', fr: 'Voyez `veza logs`.' },
  }
}
