import { useState } from 'preact/hooks'
import { Button, Checkbox, CopyField, Dialog, Field, formatClock, player, useTexts } from '#web'
import { type Shared, shared } from '../front.ts'
import { shareTexts } from './texts.ts'
import { atTime, embedCode, readClock } from './wish.ts'

const close = () => {
  shared.value = null
}

/** Links to hand on: the page, the page at a time, and a player for other sites. */
export default function ShareDialog() {
  const t = useTexts(shareTexts)
  const wish = shared.value
  if (!wish) return null
  return (
    <Dialog title={t('title', { title: wish.title })} isOpen onClose={close}>
      <Ways key={wish.href} wish={wish} />
    </Dialog>
  )
}

/** Where the track is just now, if it is the one in the player. */
const presentMs = ({ trackId }: Shared): number =>
  trackId && player.value?.state.value.trackId === trackId ? player.value.positionMs() : 0

function Ways({ wish }: { wish: Shared }) {
  const t = useTexts(shareTexts)
  const [isTimed, setTimed] = useState(false)
  const [clock, setClock] = useState(() => formatClock(presentMs(wish)))
  const url = location.origin + atTime(wish.href, isTimed ? readClock(clock) : null)
  const canSend = typeof navigator.share === 'function'
  return (
    <div class="stack">
      <CopyField label={t('link')} value={url} />
      {wish.kind === 'track' && (
        <div class="row">
          <Checkbox isOn={isTimed} onCheck={setTimed}>
            {t('fromTime')}
          </Checkbox>
          {isTimed && (
            <Field
              name="time"
              label={t('time')}
              hint={t('timeHint')}
              value={clock}
              maxLength={9}
              onValue={setClock}
            />
          )}
        </div>
      )}
      {wish.embedKey === null ? (
        <p class="muted small">{t('hidden')}</p>
      ) : (
        <CopyField label={t('embed')} hint={t('embedHint')} value={embedCode(location.origin, wish)} />
      )}
      {canSend && (
        <div class="row">
          <Button
            icon="send"
            onClick={() => void navigator.share({ title: wish.title, url }).catch(() => undefined)}
          >
            {t('system')}
          </Button>
        </div>
      )}
    </div>
  )
}
