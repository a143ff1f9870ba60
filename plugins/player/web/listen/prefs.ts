import { effect, signal } from '@preact/signals'
import { readStored, store } from '../stored.ts'

const key = 'veza-player'
const kept = (readStored(key) ?? {}) as { isRadioOn?: unknown; isSpectrumOn?: unknown }

/** When the queue ends, tracks like its last one follow. */
export const isRadioOn = signal(kept.isRadioOn === true)
export const isSpectrumOn = signal(kept.isSpectrumOn !== false)

effect(() => store(key, { isRadioOn: isRadioOn.value, isSpectrumOn: isSpectrumOn.value }))
