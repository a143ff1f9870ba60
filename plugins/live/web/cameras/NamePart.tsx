import { useState } from 'preact/hooks'
import { useTexts } from '#web'
import type { MixCamera } from '../../contract.ts'
import { nameOf } from './camera-words.ts'
import { mixTexts } from './texts.ts'

/** The name, written in place: kept when one leaves it or presses Enter, put back by Escape. */
export function NamePart({ camera, onName }: { camera: MixCamera; onName(title: string): void }) {
  const t = useTexts(mixTexts)
  const known = nameOf(t, camera)
  const [typed, setTyped] = useState(known)
  const keep = () => {
    const title = typed.trim()
    if (title === '') setTyped(known)
    else if (title !== known) onName(title)
  }
  return (
    <input
      class="mix-name"
      aria-label={t('name', { number: camera.camera })}
      value={typed}
      maxLength={60}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setTyped(known)
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
