import type { LiveWindow } from '../media/live-window.ts'
import { WatchShare } from '../nodes/watch-share.ts'
import type { LiveContext } from '../settings.ts'
import { Viewers } from '../viewers.ts'
import { CountryBook } from './country-book.ts'
import { behindOf } from './way.ts'

/** The viewers of this process with what the others see; `tell` hears of each change of a stream's number. */
export function openViewers(
  ctx: LiveContext,
  tell: (streamId: string) => Promise<void>,
  windowOf: (streamId: string) => LiveWindow | undefined,
): { viewers: Viewers; share: WatchShare } {
  const countries = new CountryBook(() => ctx.settings.get().geoDatabase, ctx.log)
  const failed = (error: unknown) => ctx.log.warn({ err: error }, 'a number of viewers could not be told')
  const viewers: Viewers = new Viewers((streamId) => void tell(streamId).catch(failed), Date.now, {
    countryOf: (asking) => countries.countryOf(asking),
    guessBehind: (streamId, url) => behindOf(windowOf(streamId), url),
    rememberedSince: (streamId, key) => share.rememberedSince(streamId, key),
    mostOfAddress: () => ctx.settings.get().viewersOfAddress,
    crowded: (streamId) =>
      ctx.log.warn(
        { streamId, counted: ctx.settings.get().viewersOfAddress },
        'more viewers than that ask from one address: the others are not counted (plugins.live.viewersOfAddress)',
      ),
  })
  const share = new WatchShare({ db: ctx.db, log: ctx.log, viewers })
  return { viewers, share }
}
