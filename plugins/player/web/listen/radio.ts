import { effect } from '@preact/signals'
import { listSimilar } from '#plugins/catalog'
import { call } from '#web'
import { currentEntry } from '../engine/queue.ts'
import type { Player } from '../engine/types.ts'
import { isRadioOn } from './prefs.ts'
import { keyOf, know } from './tracks.ts'

/** Ids with commas that fit into an address. */
const most = 200

/** While radio is on, the last track of the queue is followed by others like it. */
export function playRadio(engine: Player): () => void {
  let asked: string | null = null
  return effect(() => {
    const { entries, index, repeat } = engine.queue.value
    const last = currentEntry(engine.queue.value)
    const isLast = last && index === entries.length - 1
    if (!isRadioOn.value || !isLast || repeat !== 'none') {
      asked = null
      return
    }
    const at = `${last.key} ${last.trackId}`
    if (at === asked) return
    asked = at
    void more(engine, last.trackId)
  })
}

async function more(engine: Player, id: string): Promise<void> {
  const without = engine.queue
    .peek()
    .entries.slice(-most)
    .map(({ trackId }) => trackId)
  try {
    const { items } = await call(listSimilar, {
      params: { id },
      query: { without: [...new Set(without)].join(','), limit: 10, key: keyOf(id) },
    })
    const fresh = items.filter(({ id, playback }) => playback && !without.includes(id))
    know(fresh)
    engine.change({ type: 'addLast', trackIds: fresh.map(({ id }) => id) })
  } catch {
    // The queue ends where nothing more is known.
  }
}
