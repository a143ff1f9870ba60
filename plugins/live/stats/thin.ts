import { isoTime } from '#sdk'
import { thinFigures } from '../contract.ts'
import type { LiveContext } from '../settings.ts'
import { dueOf, hoursOf } from './curve.ts'
import {
  addUp,
  listFineShows,
  listReplayRows,
  listSteps,
  type ReplayRow,
  removeReplayRow,
  replaceSteps,
  saveReplay,
} from './figures-store.ts'
import type { KindCounts } from './show-figures.ts'

const dayMs = 86_400_000
const showsAtOnce = 50
/** Stands for processes that are no more. */
const everybody = '00000000-0000-0000-0000-000000000000'

/** Old curves are kept by the hour, and what processes counted of recordings becomes one row. */
export function thinDaily(ctx: LiveContext): void {
  ctx.jobs.handle(thinFigures, () => thin(ctx))
  ctx.jobs.every(thinFigures, '40 4 * * *')
}

export async function thin(ctx: LiveContext, nowMs = Date.now()): Promise<void> {
  const { db, settings } = ctx
  const before = isoTime(new Date(nowMs - settings.get().figuresDays * dayMs))
  for (const streamId of await listFineShows(db, before, showsAtOnce)) {
    const steps = await listSteps(db, streamId)
    const old = steps.filter(({ at }) => at < before)
    const lastMs = Date.parse(steps.at(-1)?.at ?? before) + 10_000
    const due = dueOf(
      steps,
      lastMs,
      Math.min(720, Math.floor((lastMs - Date.parse(old[0]?.at ?? before)) / 60_000)),
    )
    await replaceSteps(db, streamId, { before, steps: hoursOf(old), due })
  }
  await mergeReplays(ctx, isoTime(new Date(nowMs - dayMs)))
}

async function mergeReplays({ db }: LiveContext, before: string): Promise<void> {
  await db.tx(async (db) => {
    const rows = Map.groupBy(await listReplayRows(db, before), ({ streamId }) => streamId)
    for (const [streamId, parts] of rows) {
      if (parts.length < 2) continue
      for (const { processId } of parts) await removeReplayRow(db, { streamId, processId })
      await saveReplay(db, { ...parts.reduce(together), streamId, processId: everybody })
    }
  })
}

function together(a: ReplayRow, b: ReplayRow): ReplayRow {
  const kinds = { ...a.kinds }
  for (const key of ['devices', 'browsers', 'countries'] as const) kinds[key] = sum(a.kinds, b.kinds, key)
  return { ...a, people: a.people + b.people, buckets: addUp(a.buckets, b.buckets), kinds }
}

function sum(a: KindCounts, b: KindCounts, key: keyof KindCounts): Record<string, number> {
  const total = { ...a[key] }
  for (const [name, count] of Object.entries(b[key])) total[name] = (total[name] ?? 0) + count
  return total
}
