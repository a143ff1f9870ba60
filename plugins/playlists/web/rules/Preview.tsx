import { useEffect, useState } from 'preact/hooks'
import type { Track, TrackRules } from '#plugins/catalog'
import { asProblem, call, formatClock, Notice, Skeleton, useTexts } from '#web'
import { previewRules } from '../../contract.ts'
import { ruleTexts } from './texts.ts'

/** What the rules pick just now; asked a moment after the last change. */
export function Preview({ rules }: { rules: TrackRules }) {
  const t = useTexts(ruleTexts)
  const [found, setFound] = useState<{ trackCount: number; tracks: Track[] } | null>(null)
  const [message, setMessage] = useState<string | null>(null)
  const text = JSON.stringify(rules)
  useEffect(() => {
    const asking = new AbortController()
    const timer = setTimeout(() => {
      call(previewRules, { body: { rules: JSON.parse(text) }, signal: asking.signal }).then(
        (answer) => {
          setFound(answer)
          setMessage(null)
        },
        (error) => asking.signal.aborted || setMessage(asProblem(error).message),
      )
    }, 350)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [text])
  return (
    <section class="rule-preview">
      <h3>{t('preview')}</h3>
      {message && <Notice tone="bad">{message}</Notice>}
      {!found && !message && <Skeleton lines={3} />}
      {found && (
        <>
          <p role="status">{t('found', { count: found.trackCount })}</p>
          <ol class="list-missing">
            {found.tracks.slice(0, 20).map((track) => (
              <li key={track.id}>
                <span>
                  {track.title} <span class="muted">{track.artists.map(({ name }) => name).join(', ')}</span>
                </span>
                <span class="muted small figures">{formatClock(track.durationMs)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}
