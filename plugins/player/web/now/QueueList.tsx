import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, formatClock, IconButton, Slot, toast, useTexts } from '#web'
import { queueActions } from '../../contract.ts'
import { Cover } from '../bar/TrackWords.tsx'
import type { QueueEntry } from '../engine/queue.ts'
import type { Player } from '../engine/types.ts'
import { Drawing, Tool } from '../icons.tsx'
import { isRadioOn } from '../listen/prefs.ts'
import { fetchMissing, trackOf } from '../listen/tracks.ts'
import { playerTexts } from '../texts.ts'

/** So many rows at a time; the rest of a long queue comes when it is asked for. */
const pageSize = 100

/** What plays and what follows, in the order in which it plays; moved by hand or by keys. */
export function QueueList({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { entries, index } = player.queue.value
  const [count, setCount] = useState(pageSize)
  const from = Math.max(0, index - 5)
  const rows = entries.slice(from, from + count)
  const [said, setSaid] = useState('')
  const ids = rows.map(({ trackId }) => trackId).join(',')
  useEffect(() => {
    if (ids) fetchMissing(ids.split(',')).catch(() => undefined)
  }, [ids])
  const list = useDragging((key, to) => player.change({ type: 'move', key, to: from + to }), ids)
  const move = (entry: QueueEntry, place: number) => {
    const to = Math.min(Math.max(place, 0), entries.length - 1)
    player.change({ type: 'move', key: entry.key, to })
    const title = trackOf(entry.trackId)?.title ?? t('unknown')
    setSaid(t('movedTo', { title, place: to + 1, all: entries.length }))
  }
  return (
    <section class="now-queue" aria-label={t('queue')}>
      <div class="row now-queue-tools">
        <span class="muted small">{t('tracks', { count: entries.length })}</span>
        <Tool
          icon="radio"
          label={t('radio')}
          isOn={isRadioOn.value}
          onClick={() => {
            isRadioOn.value = !isRadioOn.value
          }}
        />
        <Slot of={queueActions} props={{ trackIds: entries.map(({ trackId }) => trackId) }} />
        <Button
          look="plain"
          onClick={() => {
            player.change({ type: 'clear' })
            toast(t('cleared'))
          }}
        >
          {t('clear')}
        </Button>
      </div>
      <ol ref={list}>
        {rows.map((entry, at) => (
          <Row
            key={entry.key}
            player={player}
            entry={entry}
            isPresent={from + at === index}
            onMove={(by) => move(entry, from + at + by)}
          />
        ))}
      </ol>
      {entries.length > from + count && (
        <Button onClick={() => setCount(count + pageSize)}>
          {t('tracks', { count: entries.length - from - count })}
        </Button>
      )}
      <p class="hidden-text" aria-live="polite">
        {said}
      </p>
    </section>
  )
}

interface RowProps {
  player: Player
  entry: QueueEntry
  isPresent: boolean
  onMove(by: number): void
}

function Row({ player, entry, isPresent, onMove }: RowProps) {
  const t = useTexts(playerTexts)
  const track = trackOf(entry.trackId)
  const title = track?.title ?? t('unknown')
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[
      event.key
    ]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onMove(by)
    const grip = event.currentTarget as HTMLElement
    requestAnimationFrame(() => grip.focus())
  }
  return (
    <li class="now-row" data-key={entry.key} aria-current={isPresent ? 'true' : undefined}>
      <button type="button" class="now-grip" aria-label={t('move', { title })} onKeyDown={onKeyDown}>
        <Drawing name="grip" size={18} />
      </button>
      {track && <Cover track={track} />}
      <button
        type="button"
        class="now-row-words"
        onClick={() => (isPresent ? player.toggle() : player.change({ type: 'select', key: entry.key }))}
      >
        <span class="hidden-text">{t('play')} </span>
        <b>{title}</b>
        <span>{track?.artists.map(({ name }) => name).join(', ')}</span>
      </button>
      <span class="player-time">{track && formatClock(track.durationMs)}</span>
      <IconButton
        icon="close"
        label={t('remove', { title })}
        onClick={() => player.change({ type: 'remove', key: entry.key })}
      />
    </li>
  )
}

/** Rows by their grips: the library for it comes with the first look at a queue. */
function useDragging(onMove: (key: number, to: number) => void, rows: string) {
  const list = useRef<HTMLOListElement>(null)
  const latest = useRef(onMove)
  latest.current = onMove
  useEffect(() => {
    const node = list.current
    if (!node || !rows) return undefined
    let isHere = true
    let end = () => {}
    void import('./dragging.ts').then(({ makeSortable }) => {
      if (isHere) end = makeSortable(node, (key, to) => latest.current(key, to))
    })
    return () => {
      isHere = false
      end()
    }
  }, [rows])
  return list
}
