import { findFfmpeg } from '#ffmpeg'
import { childrenOf } from '../../../test/kit/processes.ts'
import { slowFfmpeg } from '../../../test/kit/slow-ffmpeg.ts'
import { eventually } from '../../../test/kit/wait.ts'

/** Encoders take so many times less than listening meanwhile: they can be met at work on the slowest machine. */
export async function slowly<T>(work: () => Promise<T>, speed = 1): Promise<T> {
  const slow = await slowFfmpeg(speed)
  try {
    await findFfmpeg(slow.program)
    return await work()
  } finally {
    await findFfmpeg()
    await slow.close()
  }
}

export const encoders = (): Promise<number[]> => childrenOf(process.pid, '-filter_complex')
export const encoding = () => eventually('ffmpeg to run', async () => (await encoders()).length > 0)
