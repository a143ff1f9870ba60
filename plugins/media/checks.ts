import { currentFfmpeg, FfmpegError, ffmpegRemedy, runFfmpeg } from '#ffmpeg'
import type { Check } from '#sdk'

const needed = ['aac', 'flac', 'libmp3lame', 'libopus']

/** `veza doctor`: can everything be made that the library offers? */
export const encodersCheck: Check = {
  id: 'media.encoders',
  title: 'Encoders for sound',
  run: async () => {
    if (!(await currentFfmpeg())) return { message: 'There is no usable ffmpeg.', remedy: ffmpegRemedy() }
    const missing = await missingEncoders()
    if (missing.length === 0) return null
    return {
      message: `This ffmpeg cannot make ${missing.join(', ')}.`,
      remedy: 'Install the full ffmpeg of your system, as by `sudo apt-get install ffmpeg`.',
    }
  },
}

async function missingEncoders(): Promise<string[]> {
  try {
    const listed = (await runFfmpeg(['-encoders'])).toString()
    return needed.filter((name) => !new RegExp(`^ A\\S* ${name} `, 'm').test(listed))
  } catch (error) {
    if (error instanceof FfmpegError) return needed
    throw error
  }
}
