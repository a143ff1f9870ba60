import { formatNumber, Menu, useTexts } from '#web'
import type { Player, Quality } from '../engine/types.ts'
import { codecName, soundingWords, speeds } from '../listen/quality-words.ts'
import { playerTexts } from '../texts.ts'

const qualities: readonly Quality[] = ['auto', 'low', 'high', 'lossless']
const speedWords = (speed: number) => `${formatNumber(speed)}×`

/** What is heard (codec, bits a second), and what one would rather hear. */
export function SoundMenu({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { quality, speed } = player.settings.value
  const { sounding } = player.state.value
  const words = soundingWords(sounding)
  const groups = [
    {
      title: words ? `${t('quality')} · ${words}` : t('quality'),
      items: qualities.map((name) => ({
        label: t(name),
        isOn: quality === name,
        onPick: () => player.set({ quality: name }),
      })),
    },
    {
      title: t('speed'),
      items: speeds.map((value) => ({
        label: speedWords(value),
        isOn: speed === value,
        onPick: () => player.set({ speed: value }),
      })),
    },
  ]
  const short = sounding ? codecName(sounding.codec) : t(quality).split(',')[0]
  return (
    <Menu label={t('qualityNow', { what: words || t(quality) })} groups={groups}>
      <span class="player-badge">
        {short}
        {sounding?.bitrateKbps && <small> {Math.round(sounding.bitrateKbps)}</small>}
        {speed !== 1 && <small> {speedWords(speed)}</small>}
      </span>
    </Menu>
  )
}
