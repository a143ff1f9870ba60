import { useChannel, useQuery } from '#web'
import { listChannels, liveNow } from '../contract.ts'

const shown = { query: { limit: 50 } }

/** All channels, live ones first, followed by what happens; one request for all who ask. */
export function useLiveChannels(everyMs?: number) {
  const query = useQuery(listChannels, shown, everyMs ? { everyMs } : {})
  const reload = () => void query.reload()
  useChannel(liveNow, {}, { changed: reload, onRejoin: reload })
  return query
}
