import type { Db } from '#sdk'

/** A file a track has or had. */
export interface Version {
  id: string
  trackId: string
  assetId: string
  fileName: string
  createdAt: string
}

/** Newest first. */
export async function listVersions(db: Db, trackId: string): Promise<Version[]> {
  return db<Version>('catalog_versions').where({ trackId }).orderBy('id', 'desc')
}
