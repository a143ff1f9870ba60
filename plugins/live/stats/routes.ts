import { notFound } from '#contract'
import { problem } from '#sdk'
import { getStats, listShowTotals, statsCsv } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { ownChannel } from '../own-channel.ts'
import { csvOf } from './csv.ts'
import { findShow, listShowsOf, newestShow } from './past-shows.ts'
import { statsOf, totalsOf } from './stats-view.ts'

/** What the audience of a channel did, for who may publish there. */
export function handleStats({ ctx }: Desk): void {
  const { router, db } = ctx
  router.handle(getStats, async ({ params, query }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    if (query.streamId) return statsOf(ctx, await findShow(db, channel.id, query.streamId))
    const newest = await newestShow(db, channel.id)
    return newest ? statsOf(ctx, newest) : null
  })
  router.handle(listShowTotals, async ({ params, query }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const { items, next } = await listShowsOf(db, channel.id, query)
    return { items: await totalsOf(ctx, items), next }
  })
  router.raw(statsCsv, async ({ params, res }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    const wanted = call.query('streamId')
    const show = wanted ? await findShow(db, channel.id, wanted) : await newestShow(db, channel.id)
    if (!show) throw problem(notFound)
    const day = (show.startedAt ?? show.createdAt).slice(0, 10)
    const text = csvOf(await statsOf(ctx, show))
    res.writeHead(200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${channel.slug}-${day}.csv"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    res.end(text)
  })
}
