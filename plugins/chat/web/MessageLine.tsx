import { Badge, formatDate, formatMoney, useTexts } from '#web'
import type { Message, Paid, Room } from '../contract.ts'
import { LineActions } from './LineActions.tsx'
import { MessageText } from './MessageText.tsx'
import { toneOf } from './pins.ts'
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
  const { author, text, paid } = message
  const name = author?.displayName ?? t('gone')
  const marks = [
    isFirst && ' is-first',
    author?.isHost && ' is-host',
    paid && ` is-paid tone-${toneOf(message)}`,
  ]
  return (
    <div class={`chat-line${marks.filter(Boolean).join('')}`}>
      <p class="chat-said" title={formatDate(message.createdAt)}>
        {isFirst ? <Who message={message} name={name} /> : <b class="hidden-text">{name} </b>}
        {text === null ? <i class="chat-removed">{t('removed')}</i> : <MessageText text={text} />}
      </p>
      <time class="chat-time" dateTime={message.createdAt}>
        {formatDate(message.createdAt, 'time')}
      </time>
      {text !== null && <LineActions message={message} room={room} myId={myId} name={name} />}
    </div>
  )
}

function Who({ message, name }: { message: Message; name: string }) {
  const t = useTexts(chatTexts)
  const { author, paid } = message
  return (
    <>
      {paid && <Amount paid={paid} />}
      <b class="chat-name">
        <bdi>{name}</bdi>
      </b>{' '}
      {author?.isHost && <Badge tone="brand">{t('host')}</Badge>}
      {author?.isModerator && !author.isHost && <Badge>{t('moderator')}</Badge>}{' '}
    </>
  )
}

function Amount({ paid }: { paid: Paid }) {
  const t = useTexts(chatTexts)
  const { amountMinor, currency } = paid
  return (
    <>
      <span class="hidden-text">{t('superchat')} </span>
      {amountMinor !== null && (
        <span class="chat-amount figures">{formatMoney({ amountMinor, currency }, true)}</span>
      )}
    </>
  )
}
