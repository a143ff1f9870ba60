import { Icon, Menu, type MenuItem, useTexts } from '#web'
import type { Message, Room } from '../contract.ts'
import { askBan, askRemove, pin, unpin } from './moderation.ts'
import { moderationTexts } from './moderation-texts.ts'

export interface LineMenuProps {
  message: Message
  room: Room
  myId: string | null
  name: string
}

/** What its author and the moderators may do with a message. */
export default function LineMenu({ message, room, myId, name }: LineMenuProps) {
  const t = useTexts(moderationTexts)
  const { author, paid } = message
  const isOwn = author !== null && author.id === myId
  const items: MenuItem[] = []
  const isNotice = room.notice?.id === message.id
  const isPinned = isNotice || Date.parse(paid?.pinnedUntil ?? '') > Date.now()
  if (room.can.moderate && !isNotice)
    items.push({ label: t('pin'), icon: 'pin', onPick: () => void pin(message) })
  if (room.can.moderate && isPinned)
    items.push({ label: t('unpin'), icon: 'close', onPick: () => void unpin(message) })
  items.push({ label: t('remove'), icon: 'trash', onPick: () => void askRemove(t, message) })
  if (author && !isOwn && !author.isModerator) {
    const ban = (minutes: number | null) => () => void askBan(t, room, author, minutes)
    items.push({ label: t('banTen'), icon: 'clock', onPick: ban(10) })
    items.push({ label: t('banAlways'), icon: 'muted', isDanger: true, onPick: ban(null) })
  }
  return (
    <Menu label={t('more', { name })} groups={[{ items }]}>
      <Icon name="more" size={18} />
    </Menu>
  )
}
