import { currentFfmpeg, FfmpegError, ffmpegRemedy, runFfmpeg } from '#ffmpeg'
import type { Check } from '#sdk'

const needed = ['aac', 'flac', 'libmp3lame', 'libopus']

/** `veza doctor`: can everything be made that the library offers? */
export const encodersCheck: Check = {
  id: 'media.encoders',
  title: { en: 'Encoders for sound', fr: 'Encodeurs de son' },
  run: async () => {
    if (!(await currentFfmpeg()))
      return {
        message: { en: 'There is no usable ffmpeg.', fr: 'Il n’y a pas de ffmpeg utilisable.' },
        remedy: {
          en: ffmpegRemedy(),
          fr: 'Installez ffmpeg 4.4 ou plus récent, par exemple avec `sudo apt-get install ffmpeg`, puis relancez Veza.',
        },
      }
    const missing = await missingEncoders()
    if (missing.length === 0) return null
    return {
      message: {
        en: `This ffmpeg cannot make ${missing.join(', ')}.`,
        fr: `Ce ffmpeg ne sait pas produire ${missing.join(', ')}.`,
      },
      remedy: {
        en: 'Install the full ffmpeg of your system, as by `sudo apt-get install ffmpeg`.',
        fr: 'Installez le ffmpeg complet de votre système, par exemple avec `sudo apt-get install ffmpeg`.',
      },
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
