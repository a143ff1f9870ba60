import type { ChannelView } from '../../contract.ts'
import { ClipGrid } from './ClipGrid.tsx'

/** On a channel's page. */
export default function ChannelClips({ channel }: { channel: ChannelView }) {
  return <ClipGrid slug={channel.slug} />
}
