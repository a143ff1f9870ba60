import type { Db, Storage } from '#sdk'

/** Keys below `media/` that no row leads to, and those a row names that are not there: `lost <key>`. */
export async function mediaOrphans(site: { db: Db; storage: Storage }): Promise<string[]> {
  const { db, storage } = site
  const stored = new Set<string>()
  for await (const { key } of storage.list('media')) stored.add(key)
  const named = new Set<string>()
  const folders = new Set<string>()
  for (const row of await db('media_assets')) {
    for (const key of [row.originalKey, row.coverKey]) if (key) named.add(key)
    for (const [file] of row.filesJson ?? []) named.add(`media/${row.id}/${row.folder}/${file}`)
  }
  for (const row of await db('media_renditions')) {
    named.add(`media/${row.assetId}/${row.folder}/${row.file}`)
    folders.add(`media/${row.assetId}/${row.folder}`)
  }
  for (const row of await db('media_downloads')) if (row.fileKey) named.add(row.fileKey)
  const lost = [...named].filter((key) => !stored.has(key)).map((key) => `lost ${key}`)
  for (const row of await db('media_uploads').whereNull('done_at')) named.add(`media/uploads/${row.id}`)
  // What is made beside a rendition on demand (waveforms) lies in its folder.
  const orphans = [...stored].filter((key) => !named.has(key) && !folders.has(key.replace(/\/[^/]*$/, '')))
  return [...orphans, ...lost].sort()
}
