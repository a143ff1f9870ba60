import { Link, QueryView, useQuery, useTexts } from '#web'
import { listRooms } from '../contract.ts'
import { chatPageTexts } from './page-texts.ts'

/** The public rooms; `current` is the one shown beside. */
export function RoomList({ current }: { current: string }) {
  const t = useTexts(chatPageTexts)
  const query = useQuery(listRooms)
  return (
    <nav class="chat-rooms" aria-label={t('rooms')}>
      <QueryView query={query}>
        {({ items }) => (
          <ul>
            {items.map((room) => (
              <li key={room.id}>
                <Link href={`/chat/${room.slug}`} class={room.slug === current ? 'is-current' : ''}>
                  {room.title}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </nav>
  )
}
