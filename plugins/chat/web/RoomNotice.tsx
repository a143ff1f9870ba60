import { Icon, useTexts } from '#web'
import type { Message, Room } from '../contract.ts'
import { LineActions } from './LineActions.tsx'
import { MessageText } from './MessageText.tsx'
import { chatTexts } from './texts.ts'

interface NoticeProps {
  message: Message
  room: Room
  myId: string | null
}

/** What hosts and moderators keep above the list for everybody. */
export default function RoomNotice({ message, room, myId }: NoticeProps) {
  const t = useTexts(chatTexts)
  const name = message.author?.displayName ?? t('gone')
  return (
    <section class="chat-notice" aria-label={t('notice')}>
      <Icon name="pin" size={18} />
      <p>
        <b class="chat-name">
          <bdi>{name}</bdi>
        </b>{' '}
        <MessageText text={message.text ?? ''} />
      </p>
      <LineActions message={message} room={room} myId={myId} name={name} />
    </section>
  )
}
