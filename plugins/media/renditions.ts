import { type Db, isoTime, newId } from '#sdk'
import { assetFolder } from './assets.ts'

/** What ffmpeg must know to leave the padding of a stream away. */
export interface Gapless {
  sampleRate: number
  encoderDelay: number
  sampleCount: number
}

/** A whole file made of an asset. */
export interface RenditionRow {
  id: string
  assetId: string
  profile: string
  /** Below the asset's. */
  folder: string
  file: string
  contentType: string
  sizeBytes: number
  sampleRate: number
  channels: number
  bitrateKbps: number
  gaplessJson: Gapless | null
  createdAt: string
}
export type NewRendition = Omit<RenditionRow, 'id' | 'createdAt'>

const table = 'media_renditions'

export const renditionKey = ({ assetId, folder, file }: RenditionRow | NewRendition): string =>
  `${assetFolder(assetId)}/${folder}/${file}`

export async function findRendition(db: Db, assetId: string, profile: string): Promise<RenditionRow | null> {
  return (await db<RenditionRow>(table).where({ assetId, profile }).first()) ?? null
}

/** All that an asset has from now on. */
export async function replaceRenditions(db: Db, assetId: string, made: NewRendition[]): Promise<void> {
  await db(table).where({ assetId }).delete()
  if (made.length > 0) await db(table).insert(made.map(columnsOf))
}

/** False where another made it before. */
export async function insertRendition(db: Db, made: NewRendition): Promise<boolean> {
  const added: unknown[] = await db(table)
    .insert(columnsOf(made))
    .onConflict(['asset_id', 'profile'])
    .ignore()
    .returning('id')
  return added.length > 0
}

export async function listFolders(
  db: Db,
  assetIds: string[],
): Promise<{ assetId: string; folder: string }[]> {
  return assetIds.length === 0
    ? []
    : db<RenditionRow>(table).whereIn('assetId', assetIds).distinct('assetId', 'folder')
}

const columnsOf = ({ gaplessJson, ...row }: NewRendition) => ({
  ...row,
  id: newId(),
  gaplessJson: gaplessJson && JSON.stringify(gaplessJson),
  createdAt: isoTime(),
})
