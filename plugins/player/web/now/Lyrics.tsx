import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { getTrack, type Track } from '#plugins/catalog'
import { QueryView, useQuery, useTexts } from '#web'
import type { Player } from '../engine/types.ts'
import { keyOf } from '../listen/tracks.ts'
import { playerTexts } from '../texts.ts'
import { lineAt, readLrc } from './lrc.ts'

/** Words of the track; with times, the line that is sung is lit and each one leads to its place. */
export function Lyrics({ player, track }: { player: Player; track: Track }) {
  const t = useTexts(playerTexts)
  const query = useQuery(getTrack, { params: { id: track.id }, query: { key: keyOf(track.id) } })
  return (
    <QueryView query={query}>
      {({ lyrics, syncedLyrics }) =>
        syncedLyrics ? (
          <Synced player={player} text={syncedLyrics} />
        ) : lyrics ? (
          <p class="now-lyrics is-plain">{lyrics}</p>
        ) : (
          <p class="muted">{t('noLyrics')}</p>
        )
      }
    </QueryView>
  )
}

function Synced({ player, text }: { player: Player; text: string }) {
  const lines = useMemo(() => readLrc(text), [text])
  const present = useSignal(-1)
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    let frame = 0
    const look = () => {
      present.value = lineAt(lines, player.time().positionMs)
      frame = requestAnimationFrame(look)
    }
    look()
    return () => cancelAnimationFrame(frame)
  }, [lines, player, present])
  const at = present.value
  useEffect(() => {
    const line = list.current?.children[at] as HTMLElement | undefined
    const panel = list.current?.closest('[role=tabpanel]')
    // Who reads elsewhere in the text is left there; on phones the panel is part of a page that stays where it is.
    if (!line || !panel || panel.matches(':focus-within, :hover')) return
    panel.scrollTo({ top: line.offsetTop - panel.clientHeight / 2, behavior: 'smooth' })
  }, [at])
  return (
    <ol class="now-lyrics" ref={list}>
      {lines.map(({ atMs, text: words }, index) => (
        <li key={`${atMs} ${words}`} aria-current={index === at ? 'true' : undefined}>
          {words ? (
            <button type="button" onClick={() => player.seek(atMs)}>
              {words}
            </button>
          ) : (
            <span aria-hidden="true">♪</span>
          )}
        </li>
      ))}
    </ol>
  )
}
