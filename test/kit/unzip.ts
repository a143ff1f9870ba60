import { inflateRawSync } from 'node:zlib'

const endOfDirectory = 0x06054b50
const entryOfDirectory = 0x02014b50

/** The files of a ZIP by name, by its central directory (APPNOTE 4.3); enough for archives below 4 GB. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  let end = archive.length - 22
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end--
  if (end < 0) throw new Error('This is no ZIP.')
  const files = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== entryOfDirectory) throw new Error('The directory of the ZIP is broken.')
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const start = archive.readUInt32LE(at + 42)
    const bodyAt = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
    const body = archive.subarray(bodyAt, bodyAt + archive.readUInt32LE(at + 20))
    const isPlain = archive.readUInt16LE(at + 10) === 0
    files.set(archive.toString('utf8', at + 46, at + 46 + name), isPlain ? body : inflateRawSync(body))
    at += 46 + name + extra + comment
  }
  return files
}
