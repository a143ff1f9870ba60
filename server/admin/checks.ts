import { statfs } from 'node:fs/promises'
import type { admin } from '#contract'
import type { Check } from '../sdk/index.ts'

const lowBytes = 2 * 1024 ** 3

/** Checks of the machine that hold for every site. */
export function machineChecks(dataDir: string, ffmpeg: () => Promise<string | null>): Check[] {
  return [
    {
      id: 'node',
      title: 'Node version',
      run: async () => {
        const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
        const isFit = major > 22 || (major === 22 && minor >= 14)
        return isFit
          ? null
          : {
              message: `Node ${process.versions.node} is too old.`,
              remedy: 'Install Node 24, or run ./install.sh, which brings it.',
            }
      },
    },
    {
      id: 'disk',
      title: 'Free disk space',
      run: async () => {
        const { bavail, bsize } = await statfs(dataDir)
        const free = bavail * bsize
        return free > lowBytes
          ? null
          : {
              message: `Only ${(free / 1024 ** 3).toFixed(1)} GB are free in ${dataDir}.`,
              remedy: 'Delete old replays or move the data folder to a larger disk.',
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
              message: 'ffmpeg was not found: streams work, but posters and audio levels do not.',
              remedy: 'sudo apt-get install -y ffmpeg',
            }
      },
    },
  ]
}

/** Runs checks; one that throws is a finding too. */
export async function runChecks(checks: readonly Check[]): Promise<admin.CheckResult[]> {
  return Promise.all(
    checks.map(async ({ id, title, run }) => {
      const finding = await run().catch((error: unknown) => ({
        message: `The check itself failed: ${error instanceof Error ? error.message : error}`,
        remedy: 'See `veza logs`.',
      }))
      return {
        id,
        title,
        isOk: finding === null,
        message: finding?.message ?? '',
        remedy: finding?.remedy ?? '',
      }
    }),
  )
}
