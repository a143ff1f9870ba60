import { useEffect, useState } from 'preact/hooks'
import { formatNumber, type Translate, useTexts } from '#web'
import { figuresTexts } from './figures-texts.ts'
import { type PlayerFigures, playerFigures } from './player-figures.ts'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'

type T = Translate<(typeof figuresTexts)['en']>
const everyMs = 1_000

/** For people who want to know how it goes. */
export default function FiguresPanel({ player }: { player: StreamPlayer }) {
  const t = useTexts(figuresTexts)
  const words = useTexts(playerTexts)
  const [figures, setFigures] = useState<PlayerFigures>(() => playerFigures(player))
  useEffect(() => {
    const timer = setInterval(() => setFigures(playerFigures(player)), everyMs)
    return () => clearInterval(timer)
  }, [player])
  return (
    <dl class="player-figures" aria-label={words('figures')}>
      {rows(t, figures).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const seconds = (value: number) =>
  formatNumber(value, { style: 'unit', unit: 'second', minimumFractionDigits: 1, maximumFractionDigits: 1 })
const milliseconds = (value: number) =>
  formatNumber(Math.round(value), { style: 'unit', unit: 'millisecond' })
const megabits = (value: number) => `${formatNumber(value / 1e6, { maximumFractionDigits: 1 })} Mbit/s`

function rows(t: T, figures: PlayerFigures): [string, string][] {
  const { delayS, bufferS, rung, dropped, shown, bitsPerSecond, list, stalls, rate, picture } = figures
  const all: [string, string | null][] = [
    [t('figureDelay'), delayS === null ? null : seconds(delayS)],
    [t('figureBuffer'), bufferS === null ? null : seconds(bufferS)],
    [t('figurePicture'), rung && `${rung.width} × ${rung.height}, ${megabits(rung.bitsPerSecond)}`],
    [
      t('figureDropped'),
      dropped === null || !shown
        ? null
        : t('ofFrames', { count: formatNumber(dropped), all: formatNumber(shown) }),
    ],
    [t('figureLine'), bitsPerSecond === null ? null : megabits(bitsPerSecond)],
    [t('figureList'), list && t(list)],
    [t('figureStalls'), formatNumber(stalls)],
    [t('figureRate'), rate === 1 ? null : formatNumber(rate, { style: 'percent', maximumFractionDigits: 1 })],
    [t('figureStep'), picture?.behindMs == null ? null : milliseconds(picture.behindMs)],
    [t('figureSwitch'), picture?.switchedInMs == null ? null : milliseconds(picture.switchedInMs)],
  ]
  return all.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
}
