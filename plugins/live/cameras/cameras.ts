import type { Db } from '#sdk'

/** What was said about a camera of a channel; there is a row only for those named or moved. */
export interface CameraRow {
  channelId: string
  camera: number
  /** Null until somebody names it. */
  title: string | null
  /** Added by hand to what is measured, in milliseconds. */
  offsetMs: number
}

/** What a channel's director chose. */
export interface Choice {
  mainCamera: number
  /** Null follows the main camera. */
  audioCamera: number | null
  cameras: CameraRow[]
}

const table = 'live_cameras'

export const titleOf = (camera: number, rows: readonly CameraRow[]): string =>
  rows.find((row) => row.camera === camera)?.title ?? `Camera ${camera}`

export const manualOffsetOf = (camera: number, rows: readonly CameraRow[]): number =>
  rows.find((row) => row.camera === camera)?.offsetMs ?? 0

/** The choices of those channels, by channel. */
export async function choicesOf(db: Db, channelIds: string[]): Promise<Map<string, Choice>> {
  if (channelIds.length === 0) return new Map()
  const channels: ({ id: string } & Omit<Choice, 'cameras'>)[] = await db('live_channels')
    .select('id', 'mainCamera', 'audioCamera')
    .whereIn('id', channelIds)
  const rows: CameraRow[] = await db<CameraRow>(table).whereIn('channelId', channelIds).orderBy('camera')
  const byChannel = Map.groupBy(rows, (row) => row.channelId)
  return new Map(channels.map(({ id, ...choice }) => [id, { ...choice, cameras: byChannel.get(id) ?? [] }]))
}

export async function updateChoice(
  db: Db,
  channelId: string,
  change: { mainCamera?: number | undefined; audioCamera?: number | null | undefined },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await db('live_channels').where({ id: channelId }).update(given)
}

/** Names a camera or moves its clock; what is not given stays. */
export async function updateCamera(
  db: Db,
  of: Pick<CameraRow, 'channelId' | 'camera'>,
  change: { title?: string | undefined; offsetMs?: number | undefined },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length === 0) return
  await db(table)
    .insert({ ...of, offsetMs: 0, ...given })
    .onConflict(['channel_id', 'camera'])
    .merge(given)
}
