import { type Db, isoTime } from '#sdk'
import type { Goal } from './contract.ts'
import { sumTips } from './sums.ts'

/** A row of tips_goals. */
export interface GoalRow {
  channelId: string
  title: string
  amountMinor: number
  currency: string
  sinceAt: string
  untilAt: string | null
}

export async function findGoal(db: Db, channelId: string): Promise<GoalRow | null> {
  return (await db('tips_goals').where({ channelId }).first()) ?? null
}

/** Sets the goal of a channel; since when it counts stays as it was. */
export async function saveGoal(db: Db, goal: Omit<GoalRow, 'sinceAt'>): Promise<void> {
  await db('tips_goals')
    .insert({ ...goal, sinceAt: isoTime() })
    .onConflict('channel_id')
    .merge(['title', 'amount_minor', 'currency', 'until_at'])
}

/** False where there was none. */
export async function removeGoal(db: Db, channelId: string): Promise<boolean> {
  const count: number = await db('tips_goals').where({ channelId }).delete()
  return count > 0
}

/** The goal of a channel with what has come in for it. */
export async function goalOf(db: Db, channelId: string): Promise<Goal | null> {
  const row = await findGoal(db, channelId)
  if (!row) return null
  const { title, amountMinor, currency, sinceAt: since, untilAt: until } = row
  const { amountMinor: reachedMinor } = await sumTips(db, { channelId, currency, since, until })
  return { title, amountMinor, currency, reachedMinor, since, until }
}
