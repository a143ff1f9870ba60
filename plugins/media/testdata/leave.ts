import { newId } from '#sdk'
import { openSigner } from '../../../server/sites/signer.ts'
import type { TestAccount, TestApp } from '../../../test/kit/app.ts'
import { assetFolder, insertAsset } from '../assets.ts'
import { PlaybackTokens } from '../playback-token.ts'
import { create } from './kit.ts'

/** A tenth of a second of silence. */
export const smallWav: Buffer = wav(4410)

function wav(samples: number): Buffer {
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
  return Buffer.concat([head, Buffer.alloc(samples * 2)])
}

/** An upload that was announced, as long as `smallWav`, and of which nothing has arrived. */
export async function leaveUpload(app: TestApp, owner: TestAccount, name: string): Promise<string> {
  const { status, id } = await create(app, owner, smallWav.length, { filename: `${name}.wav` })
  if (status !== 201) throw new Error(`The upload was refused: ${status}`)
  return id
}

/** A file that could not be made playable. */
export async function leaveAsset(site: TestApp['site'], owner: TestAccount, name: string): Promise<string> {
  const id = newId()
  const originalKey = `${assetFolder(id)}/original.wav`
  await site.storage.write(originalKey, smallWav)
  await insertAsset(site.database.db, {
    id,
    ownerId: owner.id,
    fileName: `${name}.wav`,
    sizeBytes: smallWav.length,
    kind: 'wav',
    originalKey,
    state: 'failed',
    refusalJson: { name: 'media.processing-failed', title: name, detail: null },
  })
  return id
}

/** Its address for everybody, as if it played. */
export async function audioUrlOf({ site }: TestApp, id: string): Promise<string> {
  const signer = await openSigner(site.database.db, site.keyring)
  const { base } = new PlaybackTokens(signer, site.http.cookieName).address({ id, epoch: 0 }, 'public')
  return `${base}/manifest.json`
}
