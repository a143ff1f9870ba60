import { useTexts } from '#web'
import { ChatPanel } from './ChatPanel.tsx'
import { chatTexts } from './texts.ts'

/** The room of a channel, beside its player. */
export default function BesideStream({ slug }: { channelId: string; slug: string; streamId: string | null }) {
  const t = useTexts(chatTexts)
  // The room has the name of the channel, which the page around it says already.
  return <ChatPanel slug={slug} title={t('title')} />
}
