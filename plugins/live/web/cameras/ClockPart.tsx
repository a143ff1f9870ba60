import { Button, useTexts } from '#web'
import type { MixCamera } from '../../contract.ts'
import { nameOf, signed } from './camera-words.ts'
import { mixTexts } from './texts.ts'

const stepMs = 10

/** How far a camera is from the main one, and the way to move it by hand. */
export function ClockPart({ camera, onMove }: { camera: MixCamera; onMove(offsetMs: number): void }) {
  const t = useTexts(mixTexts)
  const { measuredMs, clock, offsetMs } = camera
  const name = nameOf(t, camera)
  const words =
    measuredMs === null
      ? t('notMeasured')
      : t(clock === 'time-code' ? 'measuredByCode' : 'measured', { ms: signed(t, measuredMs) })
  return (
    <details class="mix-clock">
      <summary>{t('clock')}</summary>
      <p class="muted small">{words}</p>
      <div class="mix-steps">
        <Button onClick={() => onMove(offsetMs - stepMs)}>
          {'\u2212'}10<span class="hidden-text">{` ms (${name})`}</span>
        </Button>
        <output aria-label={t('byHand')}>{signed(t, offsetMs)}</output>
        <Button onClick={() => onMove(offsetMs + stepMs)}>
          +10<span class="hidden-text">{` ms (${name})`}</span>
        </Button>
        {offsetMs !== 0 && (
          <Button look="plain" onClick={() => onMove(0)}>
            {t('reset')}
          </Button>
        )}
      </div>
      <p class="muted small">{t('clockHelp')}</p>
    </details>
  )
}
