import { ChatPanel } from './ChatPanel.tsx'

/** The room of a channel, beside its player. */
export default function BesideStream({ slug }: { channelId: string; slug: string; streamId: string | null }) {
  return <ChatPanel slug={slug} />
}
