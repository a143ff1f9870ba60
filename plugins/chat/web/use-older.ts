import { useRef, useState } from 'preact/hooks'
import { call } from '#web'
import { listMessages } from '../contract.ts'
import type { Store } from './store.ts'
import { withOlderPage } from './timeline.ts'

export interface Older {
  older: 'idle' | 'loading' | 'failed'
  loadOlder(): void
}

const pageSize = 50

/** Loads the page before what is shown, one at a time. */
export function useOlder({ slug, newest, update }: Store): Older {
  const [older, setOlder] = useState<Older['older']>('idle')
  const isRunning = useRef(false)
  const load = async () => {
    const before = newest.current.before
    if (!before || isRunning.current) return
    isRunning.current = true
    setOlder('loading')
    try {
      const page = await call(listMessages, { params: { slug }, query: { before, limit: pageSize } })
      update((now) => withOlderPage(now, page))
      setOlder('idle')
    } catch {
      setOlder('failed')
    } finally {
      isRunning.current = false
    }
  }
  return { older, loadOlder: () => void load() }
}
