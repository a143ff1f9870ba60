import { language, toast } from '#web'
import type { Player } from '../engine/types.ts'
import { faultTexts } from '../texts.ts'

/** Says once of each track why it was skipped. */
export function tellFaults(engine: Player): () => void {
  const told = new Set<string>()
  return engine.on('fault', ({ trackId, title, kind }) => {
    if (told.has(trackId)) return
    told.add(trackId)
    const words = faultTexts[language.value]
    toast(words[kind].replace('{title}', title ?? words.track), { tone: 'bad' })
  })
}
