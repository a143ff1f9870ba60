import { formatDate, useTexts } from '#web'
import type { Player } from '../engine/types.ts'
import { playerTexts } from '../texts.ts'

const minutes = [15, 30, 45, 60, 90] as const

/** Ends the music by itself, softly. */
export function SleepTimer({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { sleep } = player.state.value
  const choose = (value: string) => {
    if (value === 'track') player.sleep('end-of-track')
    else player.sleep(value === '' ? null : Number(value) * 60_000)
  }
  const words =
    sleep?.kind === 'at'
      ? t('sleepAt', { time: formatDate(new Date(sleep.atMs).toISOString(), 'time') })
      : sleep
        ? t('sleepEnd')
        : ''
  return (
    <fieldset class="now-choices">
      <legend>{t('sleep')}</legend>
      <label class="now-preset">
        <span class="hidden-text">{t('sleep')}</span>
        <select
          value={sleep?.kind === 'end-of-track' ? 'track' : sleep ? 'running' : ''}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">{t('sleepOff')}</option>
          {sleep?.kind === 'at' && (
            <option value="running" disabled>
              {words}
            </option>
          )}
          {minutes.map((count) => (
            <option key={count} value={count}>
              {t('sleepMinutes', { minutes: count })}
            </option>
          ))}
          <option value="track">{t('sleepTrack')}</option>
        </select>
      </label>
      <p class="muted small" role="status">
        {words}
      </p>
    </fieldset>
  )
}
