import { formatNumber, useTexts } from '#web'
import { bands, presets } from '../engine/equaliser.ts'
import type { Player } from '../engine/types.ts'
import { playerTexts } from '../texts.ts'

const names = Object.keys(presets) as (keyof typeof presets)[]
const isSame = (a: readonly number[], b: readonly number[]) => a.every((gain, band) => gain === b[band])
const shortHertz = (hertz: number) => (hertz >= 1000 ? `${hertz / 1000}k` : String(Math.round(hertz)))

/** Ten bands of an octave, up or down by 12 dB. */
export function Equaliser({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { equaliser } = player.settings.value
  const chosen = names.find((name) => isSame(presets[name], equaliser))
  const set = (band: number, gain: number) =>
    player.set({ equaliser: equaliser.map((before, at) => (at === band ? gain : before)) })
  return (
    <fieldset class="now-choices">
      <legend>{t('equaliser')}</legend>
      <label class="now-preset">
        <span>{t('preset')}</span>
        <select
          value={chosen ?? ''}
          onChange={(event) => {
            const name = event.currentTarget.value as keyof typeof presets
            if (name in presets) player.set({ equaliser: presets[name] })
          }}
        >
          {!chosen && <option value="">{t('own')}</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {t(name)}
            </option>
          ))}
        </select>
      </label>
      <div class="now-bands">
        {bands.map((hertz, band) => {
          const gain = equaliser[band] ?? 0
          return (
            <label key={hertz}>
              <span class="now-gain">{gain > 0 ? `+${gain}` : gain}</span>
              <input
                type="range"
                class="player-range is-upright"
                min={-12}
                max={12}
                value={gain}
                aria-label={t('band', { hertz: formatNumber(hertz) })}
                aria-valuetext={t('decibel', { value: gain })}
                style={{ '--share': `${((gain + 12) / 24) * 100}%` }}
                onInput={(event) => set(band, Number(event.currentTarget.value))}
              />
              <span class="now-hertz" aria-hidden="true">
                {shortHertz(hertz)}
              </span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
