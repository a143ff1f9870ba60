import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { picking } from './picking.ts'

/** Shows the choice of a playlist over whatever page one is on; loaded with the first one. */
export default function PickerHost() {
  const [Picker, setPicker] = useState<ComponentType | null>(null)
  const isOpen = picking.value !== null
  useEffect(() => {
    if (isOpen && !Picker)
      import('./Picker.tsx').then(
        (part) => setPicker(() => part.default),
        () => undefined,
      )
  }, [isOpen, Picker])
  return isOpen && Picker ? <Picker /> : null
}
