import type { FigureReader } from '#plugins/live'
import type { Db } from '#sdk'

/** Smallest UUIDv7 of a moment: ids sort by the time they were made. */
function idAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** How many messages were said in a channel's room in each step of the time, deleted ones too. */
export async function messageRate(db: Db, time: Parameters<FigureReader>[0]): Promise<number[]> {
  const [from, until, stepMs] = [Date.parse(time.fromAt), Date.parse(time.untilAt), time.stepS * 1000]
  const rates = Array.from({ length: Math.max(0, Math.ceil((until - from) / stepMs)) }, () => 0)
  const room: { id: string } | undefined = await db('chat_rooms')
    .where({ channelId: time.channelId })
    .first('id')
  if (!room) return rates
  // Up to its tens of seconds, a time is the name of its ten seconds; steps are made of those.
  const rows = await db.raw<{ tens: string; count: number | string }[]>(
    `select substr(created_at, 1, 18) as tens, count(*) as count from chat_messages
     where room_id = ? and id >= ? and id < ? group by substr(created_at, 1, 18)`,
    [room.id, idAt(from), idAt(until)],
  )
  for (const row of rows) {
    const i = Math.floor((Date.parse(`${row.tens}0.000Z`) - from) / stepMs)
    if (i >= 0 && i < rates.length) rates[i] = (rates[i] ?? 0) + Number(row.count)
  }
  return rates
}
