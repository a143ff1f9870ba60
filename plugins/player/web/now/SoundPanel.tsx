import { formatNumber, useTexts } from '#web'
import type { GainMode, Player } from '../engine/types.ts'
import { speeds } from '../listen/quality-words.ts'
import { playerTexts } from '../texts.ts'
import { Equaliser } from './Equaliser.tsx'
import { Range } from './Range.tsx'
import { SleepTimer } from './SleepTimer.tsx'

const gains = [
  ['off', 'gainOff'],
  ['track', 'gainTrack'],
  ['album', 'gainAlbum'],
] as const satisfies readonly (readonly [GainMode, string])[]

/** How it is to sound; this browser remembers it. */
export function SoundPanel({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { crossfadeMs, gainMode, speed } = player.settings.value
  const seconds = crossfadeMs / 1000
  return (
    <div class="now-sound">
      <Range
        label={t('crossfade')}
        hint={t('crossfadeHint')}
        words={seconds === 0 ? t('off') : t('seconds', { value: seconds })}
        min={0}
        max={12}
        value={seconds}
        onValue={(value) => player.set({ crossfadeMs: value * 1000 })}
      />
      <Choices
        legend={t('loudness')}
        hint={t('loudnessHint')}
        choices={gains.map(([value, key]) => ({ value, label: t(key) }))}
        chosen={gainMode}
        onChoose={(value) => player.set({ gainMode: value })}
      />
      <Choices
        legend={t('speed')}
        choices={speeds.map((value) => ({ value, label: `${formatNumber(value)}×` }))}
        chosen={speed}
        onChoose={(value) => player.set({ speed: value })}
      />
      <Equaliser player={player} />
      <SleepTimer player={player} />
    </div>
  )
}

interface ChoicesProps<Value> {
  legend: string
  hint?: string
  choices: readonly { value: Value; label: string }[]
  chosen: Value
  onChoose(value: Value): void
}

function Choices<Value extends string | number>({
  legend,
  hint,
  choices,
  chosen,
  onChoose,
}: ChoicesProps<Value>) {
  return (
    <fieldset class="now-choices">
      <legend>{legend}</legend>
      {hint && <p class="muted small">{hint}</p>}
      <div class="now-choice-row">
        {choices.map(({ value, label }) => (
          <label key={value}>
            <input type="radio" name={legend} checked={value === chosen} onChange={() => onChoose(value)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
