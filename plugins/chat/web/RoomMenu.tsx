import { useState } from 'preact/hooks'
import { Button, Dialog, formatDate, Icon, Menu, QueryView, useQuery, useTexts } from '#web'
import { listBans, type Room } from '../contract.ts'
import { lift, slow } from './moderation.ts'
import { moderationTexts } from './moderation-texts.ts'

const slowSteps = [0, 5, 30, 120]

/** For moderators: slow mode and who is banned. */
export default function RoomMenu({ room }: { room: Room }) {
  const t = useTexts(moderationTexts)
  const [isOpen, setOpen] = useState(false)
  const steps = slowSteps.map((seconds) => ({
    label: seconds === 0 ? t('slowOff') : t('slowEvery', { seconds }),
    isOn: room.slowModeS === seconds,
    onPick: () => void slow(room, seconds),
  }))
  const bans = { label: t('bans'), icon: 'users' as const, onPick: () => setOpen(true) }
  return (
    <>
      <Menu label={t('moderate')} groups={[{ items: steps }, { items: [bans] }]}>
        <Icon name="admin" size={18} />
      </Menu>
      <Dialog title={t('bans')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Bans room={room} />
      </Dialog>
    </>
  )
}

function Bans({ room }: { room: Room }) {
  const t = useTexts(moderationTexts)
  const query = useQuery(listBans, { params: { slug: room.slug } }, { freshMs: 0 })
  return (
    <QueryView query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <p>{t('noBans')}</p>
        ) : (
          <ul class="chat-bans">
            {items.map((ban) => (
              <li key={ban.accountId}>
                <b>{ban.displayName}</b>
                <span>{ban.until ? t('until', { time: formatDate(ban.until) }) : t('forGood')}</span>
                <Button onClick={async () => (await lift(t, room, ban)) && query.reload()}>
                  {t('lift')}
                </Button>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  )
}
