import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** ffmpeg as on a small machine: it reads what it encodes and measures at so many times the speed of listening. */
export interface SlowFfmpeg {
  /** For VEZA_FFMPEG_PATH. */
  program: string
  /** So many seconds of noise as WAV, each time another. */
  song(seconds: number): Promise<Buffer>
  close(): Promise<void>
}

export async function slowFfmpeg(speed: number): Promise<SlowFfmpeg> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-slow-'))
  const program = join(folder, 'ffmpeg')
  const real = (name: string) => execFileSync('which', [name]).toString().trim()
  const lines = [
    '#!/bin/sh',
    `case " $* " in *" -filter_complex "*) exec ${real('ffmpeg')} -readrate ${speed} "$@" ;; esac`,
    `exec ${real('ffmpeg')} "$@"`,
  ]
  await writeFile(program, `${lines.join('\n')}\n`)
  await chmod(program, 0o755)
  await symlink(real('ffprobe'), join(folder, 'ffprobe'))
  let seed = 0
  return {
    program,
    song: async (seconds) => {
      const path = join(folder, `${++seed}.wav`)
      const source = `anoisesrc=duration=${seconds}:sample_rate=44100:amplitude=0.4:seed=${seed}`
      execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, '-ac', '2', path])
      return readFile(path)
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
