import { type Db, isoTime } from '#sdk'
import { audienceOf } from '../access/viewer.ts'
import { announceChannel } from '../announce.ts'
import { getMix, type MixChange, updateMix } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { ownChannel } from '../own-channel.ts'
import { insertCameraMark } from '../replays/chapters.ts'
import { camerasOnAir, streamOnAir } from '../streams.ts'
import { choicesOf, updateCamera, updateChoice } from './cameras.ts'
import { mixOf } from './mix.ts'
import { leadShow } from './shows.ts'

/** The director's choices. The database row is the truth: where the ingest runs in another process, it tells nobody. */
export function handleMix(desk: Desk): void {
  const { router, db, audit } = desk.ctx

  router.handle(getMix, async ({ params }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    return mixOf(desk, channel, audienceOf(desk, call))
  })
  router.handle(updateMix, async ({ params, body }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    await db.tx(async (db) => {
      await change(db, channel.id, body)
      const detail = { ...body }
      await audit.record(db, { action: 'live.mix-changed', actor: call.me, subject: channel.slug, detail })
    })
    await announceChannel(desk, channel.id)
    return mixOf(desk, channel, audienceOf(desk, call))
  })
}

async function change(db: Db, channelId: string, body: MixChange): Promise<void> {
  const { mainCamera, audioCamera, cameras = [] } = body
  const before = mainCamera === undefined ? null : await shownNow(db, channelId)
  await updateChoice(db, channelId, { mainCamera, audioCamera })
  // At most one row for each of sixteen cameras.
  for (const { camera, ...said } of cameras) await updateCamera(db, { channelId, camera }, said)
  if (mainCamera === undefined) return
  const chosen = (await camerasOnAir(db, [channelId])).findLast(({ camera }) => camera === mainCamera)
  if (!chosen) return
  await leadShow(db, chosen.showId, mainCamera)
  if (before === mainCamera || (await shownNow(db, channelId)) !== mainCamera) return
  const rows = (await choicesOf(db, [channelId])).get(channelId)?.cameras ?? []
  const title = rows.find(({ camera }) => camera === mainCamera)?.title ?? ''
  await insertCameraMark(db, chosen.showId, { beginsAt: isoTime(), camera: mainCamera, title })
}

/** The camera that viewers see as the main one; null off air. */
async function shownNow(db: Db, channelId: string): Promise<number | null> {
  return (await streamOnAir(db, channelId))?.camera ?? null
}
