import './page.css'
import { type PageProps, useSession, useTexts, useTitle } from '#web'
import { ChatPanel } from './ChatPanel.tsx'
import { NewRoom } from './NewRoom.tsx'
import { chatPageTexts } from './page-texts.ts'
import { RoomList } from './RoomList.tsx'
import { chatTexts } from './texts.ts'

const general = 'general'

/** `/chat` and `/chat/:slug`: rooms and one of them; on phones the one or the other. */
export default function ChatPage({ params }: PageProps) {
  const t = useTexts(chatTexts)
  const page = useTexts(chatPageTexts)
  const { can } = useSession()
  useTitle(t('title'))
  const slug = params.slug ?? general
  return (
    <div class={`chat-page${params.slug ? ' has-room' : ''}`}>
      <aside class="chat-side">
        <h1>{t('title')}</h1>
        <RoomList current={slug} />
        {can('chat.moderate') && <NewRoom />}
      </aside>
      <ChatPanel key={slug} slug={slug} back={{ href: '/chat', label: page('allRooms') }} />
    </div>
  )
}
