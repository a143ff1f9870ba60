import { open } from 'node:fs/promises'
import { childrenOf } from './boxes.ts'
import type { TagPairs } from './tag-names.ts'

/** Written in the file's `moov` as iTunes does: `----` of mean, name and data. */
function freeformAtom([name, value]: TagPairs[number]): Buffer {
  const utf8 = 1
  const data = Buffer.concat([uint32(utf8), uint32(0), Buffer.from(value)])
  const parts = [
    atom('mean', Buffer.concat([uint32(0), Buffer.from('com.apple.iTunes')])),
    atom('name', Buffer.concat([uint32(0), Buffer.from(name)])),
    atom('data', data),
  ]
  return atom('----', Buffer.concat(parts))
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const atom = (type: string, body: Buffer) =>
  Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body])

/** Where the tags lie, from the outermost; the version and flags of `meta` come before its boxes. */
const way = [
  { type: 'udta', before: 0 },
  { type: 'meta', before: 4 },
  { type: 'ilst', before: 0 },
]

/** Adds tags to an M4A whose `moov` is its last box, as ffmpeg writes it: nothing that is addressed moves. */
export async function addFreeform(path: string, tags: TagPairs): Promise<void> {
  if (tags.length === 0) return
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const offset = await lastBox(file, size)
    const moov = Buffer.alloc(size - offset)
    await file.read(moov, 0, moov.length, offset)
    const added = Buffer.concat(tags.map(freeformAtom))
    const body = appended(moov.subarray(8), way, added)
    const bytes = atom('moov', body)
    await file.write(bytes, 0, bytes.length, offset)
  } finally {
    await file.close()
  }
}

async function lastBox(file: Awaited<ReturnType<typeof open>>, fileSize: number): Promise<number> {
  const header = Buffer.alloc(16)
  for (let offset = 0; ; ) {
    await file.read(header, 0, 16, offset)
    const short = header.readUInt32BE(0)
    const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short
    if (size < 8 || offset + size > fileSize) throw new Error('the M4A has a box that does not fit')
    if (offset + size === fileSize) {
      if (header.toString('latin1', 4, 8) !== 'moov') throw new Error('the M4A does not end with its moov')
      return offset
    }
    offset += size
  }
}

function appended(bytes: Buffer, [step, ...rest]: typeof way, added: Buffer): Buffer {
  if (!step) return Buffer.concat([bytes, added])
  const parts: Buffer[] = []
  let isFound = false
  for (const { type, body } of childrenOf(bytes)) {
    const isStep: boolean = type === step.type && !isFound
    isFound ||= isStep
    const inside = isStep
      ? Buffer.concat([body.subarray(0, step.before), appended(body.subarray(step.before), rest, added)])
      : body
    parts.push(atom(type, inside))
  }
  if (!isFound) throw new Error(`the M4A has no ${step.type}`)
  return Buffer.concat(parts)
}
