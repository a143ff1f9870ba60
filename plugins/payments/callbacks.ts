import { type Db, isoTime } from '#sdk'
import type { ProviderNews } from './contract.ts'

/** Remembers that a provider told this. False where it had told it before. */
export async function insertCallback(db: Db, provider: string, news: ProviderNews): Promise<boolean> {
  const { eventId, paymentId, kind } = news
  const added: { eventId: string }[] = await db('payments_callbacks')
    .insert({ provider, eventId, paymentId, kind, createdAt: isoTime() })
    .onConflict(['provider', 'event_id'])
    .ignore()
    .returning('event_id')
  return added.length > 0
}
