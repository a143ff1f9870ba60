import './titles.css'
import { useEffect, useState } from 'preact/hooks'
import { defineTexts, useChannel, useQuery, useTexts } from '#web'
import { type ChannelView, channelRoom, listTitles, type PlayedTitle } from '../../contract.ts'

const texts = defineTexts({
  en: { now: 'Now playing', before: { one: 'The song before', other: 'The {count} songs before' } },
  fr: { now: 'En ce moment', before: { one: 'Le titre d’avant', other: 'Les {count} titres d’avant' } },
})
/** Listeners are about so far behind: a name must not come before its song. */
const behindMs = 2_000

/** What the DJ's program says is played, and what was before. */
export default function NowPlaying({ channel }: { channel: ChannelView }) {
  return channel.streamId ? <Titles key={channel.streamId} slug={channel.slug} of={channel.streamId} /> : null
}

function Titles({ slug, of }: { slug: string; of: string }) {
  const t = useTexts(texts)
  const query = useQuery(listTitles, { params: { slug } })
  const [told, setTold] = useState<PlayedTitle[]>([])
  useChannel(
    channelRoom,
    { slug },
    {
      title: ({ streamId, ...title }) => streamId === of && setTold((known) => [title, ...known]),
      titles: ({ streamId }) => void (streamId === of && query.reload()),
    },
  )
  const all = [...told, ...(query.data?.items ?? [])]
  const due = useDue(all.filter(({ at }, n) => all.findIndex((other) => other.at === at) === n))
  const [now, ...before] = due
  if (!now) return null
  return (
    <section class="titles" aria-live="polite">
      <p>
        <span class="muted small">{t('now')}</span>
        <strong>{now.title}</strong>
      </p>
      {before.length > 0 && (
        <details>
          <summary>{t('before', { count: before.length })}</summary>
          <ol class="titles-before">
            {before.map(({ at, title }) => (
              <li key={at}>{title}</li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}

/** Those whose song has reached the listener. */
function useDue(titles: PlayedTitle[]): PlayedTitle[] {
  const [, setLooks] = useState(0)
  const isDue = ({ at }: PlayedTitle) => Date.parse(at) + behindMs <= Date.now()
  const isWaiting = titles.some((title) => !isDue(title))
  useEffect(() => {
    if (!isWaiting) return undefined
    const timer = setInterval(() => setLooks((looks) => looks + 1), 500)
    return () => clearInterval(timer)
  }, [isWaiting])
  return titles.filter(isDue)
}
