import { signal } from '@preact/signals'
import { asProblem, Button, call, formatClock, IconButton, me, toast, useChannel, useTexts } from '#web'
import { deviceChannel, getQueue } from '../../contract.ts'
import type { Player } from '../engine/types.ts'
import { engine, takeOver } from '../listen/desk.ts'
import { deviceId } from '../listen/device.ts'
import { offer } from '../listen/places.ts'
import { isElsewhere } from '../listen/saving.ts'
import { playerTexts } from '../texts.ts'

/** When the other browser was last heard of. */
const heardAt = signal(0)

async function playHere(): Promise<void> {
  try {
    const { queue } = await call(getQueue)
    isElsewhere.value = null
    if (!queue) return
    const sinceMs = queue.isPlaying ? Date.now() - heardAt.peek() : 0
    takeOver(queue, sinceMs).play()
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
  }
}

/** Follows the account's other browsers: whoever began last is heard, the others are silent. */
function useOthers(): void {
  const account = me.value
  useChannel(deviceChannel, account && { accountId: account.id }, {
    saved: ({ deviceId: id, deviceName, isPlaying }) => {
      if (id === deviceId()) return
      heardAt.value = Date.now()
      isElsewhere.value = isPlaying ? { deviceName } : null
      if (isPlaying) engine.peek()?.pause()
    },
  })
}

/** Above the bar: what needs a word. */
export function Notes({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  useOthers()
  const { status, isOnline, track } = player.state.value
  const elsewhere = isElsewhere.value
  const place = offer.value?.trackId === track?.id ? offer.value : null
  return (
    <div class="player-notes" role="status">
      {elsewhere && (
        <p>
          <span>{t('elsewhere', { device: elsewhere.deviceName })}</span>
          <Button look="main" onClick={() => void playHere()}>
            {t('playHere')}
          </Button>
        </p>
      )}
      {!elsewhere && status === 'blocked' && <p>{t('blocked')}</p>}
      {!elsewhere && !isOnline && status !== 'paused' && <p>{t('offline')}</p>}
      {!elsewhere && place && (
        <p>
          <Button
            look="main"
            icon="clock"
            onClick={() => {
              offer.value = null
              player.seek(place.positionMs)
            }}
          >
            {t('continueAt', { time: formatClock(place.positionMs) })}
          </Button>
          <IconButton
            icon="close"
            label={t('dismiss')}
            onClick={() => {
              offer.value = null
            }}
          />
        </p>
      )}
    </div>
  )
}
