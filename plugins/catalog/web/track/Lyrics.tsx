import { useEffect, useState } from 'preact/hooks'
import { player, useTexts } from '#web'
import type { TrackInFull } from '../../contract.ts'
import { stateOf } from '../playing.ts'
import { catalogTexts } from '../texts.ts'
import { lineAt, readLrc } from './lrc.ts'

/** The words; those with times follow the recording, and each line leads to its place in it. */
export function Lyrics({ track }: { track: TrackInFull }) {
  const t = useTexts(catalogTexts)
  const lines = readLrc(track.syncedLyrics)
  if (lines.length > 0) return <Synced track={track} lines={lines} />
  if (!track.lyrics) return null
  return (
    <section class="lyrics" lang={track.language || undefined}>
      <h2>{t('lyrics')}</h2>
      <p class="lyrics-text">{track.lyrics}</p>
    </section>
  )
}

function Synced({ track, lines }: { track: TrackInFull; lines: ReturnType<typeof readLrc> }) {
  const t = useTexts(catalogTexts)
  const isCurrent = stateOf(track.id) !== null
  const [at, setAt] = useState(-1)
  useEffect(() => {
    setAt(-1)
    if (!isCurrent) return undefined
    const look = () => setAt(lineAt(lines, player.value?.positionMs() ?? 0))
    look()
    const timer = setInterval(look, 250)
    return () => clearInterval(timer)
  }, [isCurrent, lines])
  return (
    <section class="lyrics" lang={track.language || undefined}>
      <h2>{t('lyrics')}</h2>
      <ol>
        {lines.map(({ atMs, text }, line) => (
          <li key={`${atMs} ${text}`} class={line === at ? 'is-now' : undefined}>
            {isCurrent ? (
              <button type="button" onClick={() => player.value?.seek(atMs)}>
                {text || '…'}
              </button>
            ) : (
              text || '…'
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
