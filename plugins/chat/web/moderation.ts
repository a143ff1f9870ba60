import type { z } from '#contract'
import { asProblem, call, confirm, type Translate, toast } from '#web'
import {
  type Author,
  banMember,
  liftBan,
  type Message,
  pinMessage,
  type Room,
  removeMessage,
  setSlowMode,
  unpinMessage,
} from '../contract.ts'
import type { moderationTexts } from './moderation-texts.ts'

type T = Translate<(typeof moderationTexts)['en']>

/** Asks, then removes a message; the room hears of it by itself. */
export async function askRemove(t: T, message: Message): Promise<void> {
  const isSure = await confirm({ title: t('removeAsk'), text: t('removeText'), action: t('remove') })
  if (isSure) await tell(() => call(removeMessage, { params: { id: message.id } }))
}

/** Pins a message above the room, in place of the one before; the room hears of it by itself. */
export async function pin(message: Message): Promise<void> {
  await tell(() => call(pinMessage, { params: { id: message.id } }))
}

/** Ends the pin of a message; the room hears of it by itself. */
export async function unpin(message: Message): Promise<void> {
  await tell(() => call(unpinMessage, { params: { id: message.id } }))
}

/** Asks, then bans: for some minutes, or (null) for good and with the removal of what was written. */
export async function askBan(
  t: T,
  room: Room,
  author: z.infer<typeof Author>,
  minutes: number | null,
): Promise<void> {
  const name = author.displayName
  const isSure = await confirm({
    title: t('banAsk', { name }),
    text: minutes === null ? t('banAlwaysText', { name }) : t('banTenText', { name }),
    action: minutes === null ? t('banAlways') : t('banTen'),
  })
  if (!isSure) return
  const body = { accountId: author.id, minutes, reason: '', removeMessages: minutes === null }
  const isDone = await tell(() => call(banMember, { params: { slug: room.slug }, body }))
  if (isDone) toast(minutes === null ? t('bannedAlways', { name }) : t('banned10', { name }))
}

/** Lifts a ban. True when done. */
export async function lift(
  t: T,
  room: Room,
  ban: { accountId: string; displayName: string },
): Promise<boolean> {
  const params = { slug: room.slug, accountId: ban.accountId }
  const isDone = await tell(() => call(liftBan, { params }))
  if (isDone) toast(t('lifted', { name: ban.displayName }))
  return isDone
}

/** Sets slow mode; the room hears of it by itself. */
export async function slow(room: Room, slowModeS: number): Promise<void> {
  await tell(() => call(setSlowMode, { params: { slug: room.slug }, body: { slowModeS } }))
}

async function tell(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
    return false
  }
}
