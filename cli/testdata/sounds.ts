import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A tenth of a second, each with a sound of its own. */
function wave(seed: number): Buffer {
  const samples = 4410
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + samples * 2, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(44_100, 24)
  head.writeUInt32LE(88_200, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(samples * 2, 40)
  const body = Buffer.alloc(samples * 2)
  for (let at = 0; at < samples; at++)
    body.writeInt16LE(Math.round(9000 * Math.sin(at * (0.03 + seed / 9000))), at * 2)
  return Buffer.concat([head, body])
}

/** A folder of albums of ten files each, as `Artist/Album 1/01 - Song.wav`. */
export async function layAlbums(folder: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const album = join(folder, 'Artist', `Album ${Math.floor(at / 10) + 1}`)
    await mkdir(album, { recursive: true })
    await writeFile(join(album, `${String((at % 10) + 1).padStart(2, '0')} - Song ${at}.wav`), wave(at))
  }
}
