import { type Query, useChannel, usePages, useQuery } from '#web'
import { type ChannelView, channelRoom, getChannel, listReplays } from '../../contract.ts'

/** A channel as its page shows it, kept up to date by its room. */
export function useLiveChannel(slug: string, onReplay?: () => void): Query<ChannelView> {
  const query = useQuery(getChannel, { params: { slug } }, { everyMs: 60_000 })
  const update = (change: Partial<ChannelView>) => query.change((channel) => ({ ...channel, ...change }))
  useChannel(
    channelRoom,
    { slug },
    {
      // The room hears what a visitor may see; what this reader may do stays as it was answered. How many watch has its
      // own message: where streams come in, nobody may be counted yet.
      changed: ({ can: _visitors, viewers: _there, ...change }) => {
        // What is not everybody's is told to nobody in particular: this reader asks.
        if (change.access === 'public') update(change)
        else void query.reload()
      },
      viewers: ({ viewers }) => update({ viewers }),
      replay: () => onReplay?.(),
      // The first time, too: the page was read before it, and nobody tells what happened in between.
      onJoin: () => {
        void query.reload()
        onReplay?.()
      },
    },
  )
  return query
}

/** The channel with its recordings. */
export function useChannelPage(slug: string) {
  const replays = usePages(listReplays, { params: { slug }, query: { limit: 12 } })
  const channel = useLiveChannel(slug, () => void replays.query.reload())
  return { channel, replays }
}
