import { type Db, isoTime } from '#sdk'
import type { WarningCode } from './media/types.ts'
import type { Stream } from './streams.ts'

const reasons: ReadonlySet<string> = new Set<WarningCode>(['unsupported-codec', 'no-key-frame', 'disk-full'])
/** Encoders try again by themselves; after so long nobody waits for this one. */
const toldForMs = 10 * 60_000

/** The newest stream of a channel where its encoder was turned away, and not long ago; null else. */
export async function findTurnedAway(db: Db, channelId: string): Promise<Stream | null> {
  const newest: Stream | undefined = await db<Stream>('live_streams')
    .where({ channelId })
    .orderBy('id', 'desc')
    .first()
  if (!newest || warningsOf(newest).size === 0) return null
  return (newest.endedAt ?? '') > isoTime(new Date(Date.now() - toldForMs)) ? newest : null
}

/** What the row itself says was wrong, once nobody measures the stream any more. */
export function warningsOf({ endReason }: Stream): Map<WarningCode, string> {
  return new Map(endReason && reasons.has(endReason) ? [[endReason as WarningCode, '']] : [])
}
