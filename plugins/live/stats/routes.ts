import { notAllowed, notFound } from '#contract'
import { type Account, problem } from '#sdk'
import { type Channel, getChannel } from '../channels.ts'
import { getStats, listShowTotals, statsCsv } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { canPublish } from '../policy.ts'
import { csvOf } from './csv.ts'
import { findShow, listShowsOf, newestShow } from './past-shows.ts'
import { statsOf, totalsOf } from './stats-view.ts'

/** What the audience of a channel did, for who may publish there. */
export function handleStats({ ctx }: Desk): void {
  const { router, db } = ctx
  const ownChannel = async (slug: string, me: Account): Promise<Channel> => {
    const channel = await getChannel(db, slug)
    if (!canPublish(me, channel)) throw problem(notAllowed)
    return channel
  }
  router.handle(getStats, async ({ params, query }, call) => {
    const channel = await ownChannel(params.slug, call.me)
    if (query.streamId) return statsOf(ctx, await findShow(db, channel.id, query.streamId))
    const newest = await newestShow(db, channel.id)
    return newest ? statsOf(ctx, newest) : null
  })
  router.handle(listShowTotals, async ({ params, query }, call) => {
    const channel = await ownChannel(params.slug, call.me)
    const { items, next } = await listShowsOf(db, channel.id, query)
    return { items: await totalsOf(ctx, items), next }
  })
  router.raw(statsCsv, async ({ params, res }, call) => {
    const channel = await ownChannel(params.slug, call.me)
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
