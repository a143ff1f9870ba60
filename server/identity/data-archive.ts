import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Storage } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import type { IdentityParts } from './parts.ts'
import { serverData } from './personal-data.ts'

/** Writes everything that the server and the plugins know of an account into a ZIP of the storage; resolves to its size. */
export async function writeArchive(
  { db, storage, contributions }: Pick<IdentityParts, 'db' | 'storage' | 'contributions'>,
  account: AccountRow,
  key: string,
): Promise<number> {
  const zip = new ZipFile()
  const stream = zip.outputStream as Readable
  zip.on('error', (error: Error) => stream.destroy(error))
  const add = (name: string, data: unknown) => zip.addBuffer(Buffer.from(JSON.stringify(data, null, 2)), name)
  for (const [name, data] of Object.entries(await serverData(db, account))) add(name, data)
  for (const [owner, contribute] of contributions.all()) {
    const found = await contribute(account.id)
    if (!found) continue
    add(`${owner}.json`, found.data)
    for (const file of found.files ?? []) await addFile(zip, storage, `${owner}/${file.name}`, file.key)
  }
  zip.end()
  return (await storage.write(key, stream)).sizeBytes
}

/** Opened when its turn comes; one that is not there is left out. */
async function addFile(zip: ZipFile, storage: Storage, name: string, key: string): Promise<void> {
  if ((await storage.size(key)) === null) return
  // Pictures and media are compressed already.
  zip.addReadStreamLazy(name, { compress: false }, (take) => {
    storage.read(key).then(
      (file) => {
        const empty = undefined as unknown as Readable
        if (file) take(null, file.stream)
        else take(new Error(`${key} went while it was exported.`), empty)
      },
      (error: unknown) => take(error, undefined as unknown as Readable),
    )
  })
}
