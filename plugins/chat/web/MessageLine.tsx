import { Badge, formatDate, Icon, Menu, type MenuItem, useTexts } from '#web'
import type { Message, Room } from '../contract.ts'
import { MessageText } from './MessageText.tsx'
import { askBan, askRemove } from './moderation.ts'
import { chatTexts } from './texts.ts'

interface LineProps {
  message: Message
  isFirst: boolean
  room: Room
  myId: string | null
}

/** One message: who, what, when, and what may be done with it. */
export function MessageLine({ message, isFirst, room, myId }: LineProps) {
  const t = useTexts(chatTexts)
  const { author, text } = message
  const name = author?.displayName ?? t('gone')
  return (
    <div class={`chat-line${isFirst ? ' is-first' : ''}${author?.isHost ? ' is-host' : ''}`}>
      <p class="chat-said" title={formatDate(message.createdAt)}>
        {isFirst ? <Who message={message} name={name} /> : <b class="hidden-text">{name} </b>}
        {text === null ? <i class="chat-removed">{t('removed')}</i> : <MessageText text={text} />}
      </p>
      <time class="chat-time" dateTime={message.createdAt}>
        {formatDate(message.createdAt, 'time')}
      </time>
      {text !== null && <LineMenu message={message} room={room} myId={myId} name={name} />}
    </div>
  )
}

function Who({ message, name }: { message: Message; name: string }) {
  const t = useTexts(chatTexts)
  const { author } = message
  return (
    <>
      <b class="chat-name">
        <bdi>{name}</bdi>
      </b>{' '}
      {author?.isHost && <Badge tone="brand">{t('host')}</Badge>}
      {author?.isModerator && !author.isHost && <Badge>{t('moderator')}</Badge>}{' '}
    </>
  )
}

function LineMenu({ message, room, myId, name }: Omit<LineProps, 'isFirst'> & { name: string }) {
  const t = useTexts(chatTexts)
  const { author } = message
  const isOwn = author !== null && author.id === myId
  if (!isOwn && !room.can.moderate) return null
  const items: MenuItem[] = [{ label: t('remove'), icon: 'trash', onPick: () => void askRemove(t, message) }]
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
