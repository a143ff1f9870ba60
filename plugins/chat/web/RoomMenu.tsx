import { useState } from 'preact/hooks'
import { Button, Dialog, formatDate, Icon, Later, Menu, QueryView, useQuery, useTexts } from '#web'
import { listBans, listEmotes, type Room } from '../contract.ts'
import { emoteTexts } from './emote-texts.ts'
import { lift, slow } from './moderation.ts'
import { moderationTexts } from './moderation-texts.ts'

const loadManager = () => import('./EmoteManager.tsx')
const slowSteps = [0, 5, 30, 120]

/** For moderators: slow mode, who is banned, and for those of the label its emotes. */
export default function RoomMenu({ room }: { room: Room }) {
  const t = useTexts(moderationTexts)
  const e = useTexts(emoteTexts)
  const [open, setOpen] = useState<'bans' | 'emotes' | null>(null)
  const emotes = useQuery(listEmotes, {}, { freshMs: 60_000 })
  const steps = slowSteps.map((seconds) => ({
    label: seconds === 0 ? t('slowOff') : t('slowEvery', { seconds }),
    isOn: room.slowModeS === seconds,
    onPick: () => void slow(room, seconds),
  }))
  const bans = { label: t('bans'), icon: 'users' as const, onPick: () => setOpen('bans') }
  const signs = { label: e('manage'), icon: 'smile' as const, onPick: () => setOpen('emotes') }
  const lists = emotes.data?.can.manage ? [bans, signs] : [bans]
  return (
    <>
      <Menu label={t('moderate')} groups={[{ items: steps }, { items: lists }]}>
        <Icon name="admin" size={18} />
      </Menu>
      <Dialog title={t('bans')} isOpen={open === 'bans'} onClose={() => setOpen(null)}>
        <Bans room={room} />
      </Dialog>
      <Dialog title={e('manage')} isOpen={open === 'emotes'} onClose={() => setOpen(null)}>
        <Later load={loadManager} props={{}} />
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
