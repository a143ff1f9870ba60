import { Briefly } from './briefly.ts'
import type { Pictured } from './cameras/angles.ts'
import { type Channel, getChannel } from './channels.ts'
import type { Desk } from './desk.ts'
import type { LiveContext } from './settings.ts'
import { streamOnAir } from './streams.ts'

/** A channel and what is on air there, by slug, as everybody's page asks. */
export type Shown = Briefly<{ channel: Channel; stream: Pictured | undefined }>

/** Long enough for a crowd, too short for anybody to see an old page; a change in this process ends it at once. */
export const shownMs = 300
const shownBySite = new WeakMap<LiveContext, Shown>()

/** One for each site of the process, however many desks it has. */
export function shownOf(ctx: LiveContext): Shown {
  const shown: Shown = shownBySite.get(ctx) ?? new Briefly(shownMs)
  shownBySite.set(ctx, shown)
  return shown
}

/** Looks at most once in that time; refuses with not-found where there is no such channel. */
export function shownAt({ ctx: { db }, shown }: Pick<Desk, 'ctx' | 'shown'>, slug: string) {
  return shown.get(slug, async () => {
    const channel = await getChannel(db, slug)
    return { channel, stream: await streamOnAir(db, channel.id) }
  })
}
