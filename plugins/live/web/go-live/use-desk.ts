import { type Query, useChannel, useQuery } from '#web'
import { type ChannelView, getHealth, type Health, healthRoom } from '../../contract.ts'
import { useLiveChannel } from '../watch/use-channel-page.ts'

export interface DeskState {
  channel: Query<ChannelView>
  /** Null while nothing is connected. */
  health: Health | null
  isReachable: boolean
}

/** The channel and what the ingest measures, as they come. */
export function useDesk(slug: string): DeskState {
  const channel = useLiveChannel(slug)
  const measured = useQuery(getHealth, { params: { slug } }, { freshMs: 0, everyMs: 10_000 })
  const room = useChannel(
    healthRoom,
    { slug },
    {
      // Each camera of the show is measured; this page tells of the main one.
      health: (health) => {
        const main = channel.data?.streamId
        if (!main || main === health.streamId) measured.set(health)
      },
      onRejoin: () => void measured.reload(),
    },
  )
  const health = measured.data ?? null
  const isOver = channel.data?.status === 'offline' && health !== null && health.status !== 'waiting'
  return { channel, health: isOver ? null : health, isReachable: room.state !== 'offline' }
}
