import { useState } from 'preact/hooks'
import { useQuery } from '#web'
import { type ChannelView, listSets, type PlannedSet } from '../../contract.ts'

const leadMs = 30 * 60_000
const isDue = ({ status, startsAt }: PlannedSet) =>
  status === 'planned' && Date.parse(startsAt) - Date.now() < leadMs

/** What is planned on a channel; looked at more often until what is on air has become the set that it is. */
export function useSets(channel: ChannelView): PlannedSet[] {
  const [everyMs, setEvery] = useState(60_000)
  const input = { params: { slug: channel.slug }, query: { limit: 6 } }
  const items = useQuery(listSets, input, { everyMs }).data?.items ?? []
  const isOn = items.some(({ status }) => status === 'live')
  const wanted = channel.status === 'live' && !isOn && items.some(isDue) ? 5_000 : 60_000
  if (wanted !== everyMs) setEvery(wanted)
  return items
}
