import { useChannel, useQuery } from '#web'
import { listChannels, liveNow } from '../contract.ts'

const shown = { query: { limit: 50 } }

/** All channels, live ones first, followed by what happens; one request for all who ask. */
export function useLiveChannels(everyMs?: number) {
  const query = useQuery(listChannels, shown, everyMs ? { everyMs } : {})
  const reload = () => void query.reload()
  // On the first join, too: the list was read before it, and nobody tells what happened in between.
  useChannel(liveNow, {}, { changed: reload, onJoin: reload })
  return query
}
