import type { Check } from '#sdk'
import { keepQuota, removeRecording } from '../contract.ts'
import type { Desk } from '../desk.ts'
import type { LiveContext } from '../settings.ts'
import { listOldestReplays, markRemoved, type Stream, sumRecordings } from '../streams.ts'

const bytesAGb = 1e9
/** The owner is warned when so much of the room is taken. */
const warnShare = 0.9
const atOnce = 50

/** Recordings take no more room than the label gives them: the oldest go first, never what is on air. */
export function handleQuota(desk: Desk): void {
  const { ctx } = desk
  ctx.jobs.handle(keepQuota, () => makeRoom(desk))
  ctx.jobs.every(keepQuota, '17 * * * *')
  ctx.check(quotaCheck(ctx))
}

async function makeRoom(desk: Desk): Promise<void> {
  const { db, jobs, audit, log, settings } = desk.ctx
  const { recordingsMaxGb } = settings.get()
  if (recordingsMaxGb === undefined) return
  const overBytes = (await sumRecordings(db)) - recordingsMaxGb * bytesAGb
  if (overBytes <= 0) return
  const going = enoughOf(await listOldestReplays(db, atOnce), overBytes)
  await db.tx(async (db) => {
    for (const stream of going) {
      await markRemoved(db, stream.id)
      await jobs.enqueue(db, removeRecording, { streamId: stream.id })
      const detail = { streamId: stream.id, title: stream.title, because: 'quota' }
      await audit.record(db, {
        action: 'live.replay-removed',
        actor: null,
        subject: stream.channelId,
        detail,
      })
    }
    // So many small ones that they did not fit in one go.
    const freed = going.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    if (going.length === atOnce && freed < overBytes) await jobs.enqueue(db, keepQuota, {})
  })
  for (const { id } of going) desk.forget(id)
  if (going.length > 0) log.info({ recordings: going.length }, 'the oldest recordings made room for new ones')
}

function enoughOf(oldest: readonly Stream[], overBytes: number): Stream[] {
  let left = overBytes
  return oldest.filter(({ sizeBytes }) => {
    const isNeeded = left > 0
    left -= sizeBytes
    return isNeeded
  })
}

/** `veza doctor` and the overview: says which recording goes next before it goes. */
export function quotaCheck({ db, settings }: LiveContext): Check {
  return {
    id: 'live.recordings-room',
    title: { en: 'Room for recordings', fr: 'Place pour les enregistrements' },
    run: async () => {
      const { recordingsMaxGb } = settings.get()
      if (recordingsMaxGb === undefined) return null
      const usedGb = (await sumRecordings(db)) / bytesAGb
      if (usedGb < recordingsMaxGb * warnShare) return null
      const [oldest] = await listOldestReplays(db, 1)
      const used = usedGb.toFixed(1)
      const en = `Recordings take ${used} of ${recordingsMaxGb} GB`
      const fr = `Les enregistrements prennent ${used.replace('.', ',')} Go sur ${recordingsMaxGb}`
      return {
        message: oldest
          ? {
              en: `${en}; the oldest, “${oldest.title}”, is deleted next.`,
              fr: `${fr} ; le plus ancien, « ${oldest.title} », sera supprimé le premier.`,
            }
          : { en: `${en}.`, fr: `${fr}.` },
        remedy: {
          en: 'Download what should stay, delete what need not, or give more room (recordingsMaxGb).',
          fr: 'Téléchargez ce qui doit rester, supprimez ce qui peut partir, ou donnez plus de place (recordingsMaxGb).',
        },
      }
    },
  }
}
