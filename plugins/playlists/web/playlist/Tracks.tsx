import { useRef, useState } from 'preact/hooks'
import { Button, EmptyState, toast, useTexts } from '#web'
import { insertPlaces, movePlaces, type Playlist, removePlaces } from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'
import { picking } from '../picker/picking.ts'
import { AddSearch } from './AddSearch.tsx'
import { playFrom } from './playing.ts'
import { SelectionBar } from './SelectionBar.tsx'
import { TrackRow } from './TrackRow.tsx'
import { useDrag } from './use-drag.ts'
import type { Live } from './use-live.ts'
import type { Row, Rows } from './use-rows.ts'
import { useUndoKey } from './use-undo-key.ts'

interface TracksProps {
  playlist: Playlist
  rows: Rows
  live: Live
  listKey: string | undefined
}

/** The tracks, and for editors everything that changes them: by drag, by keys, by menu, one or many. */
export function Tracks({ playlist, rows, live, listKey }: TracksProps) {
  const t = useTexts(pageTexts)
  const box = useRef<HTMLOListElement>(null)
  const [said, setSaid] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const { list } = live
  const canEdit = playlist.can.edit && list !== null
  const titleOf = (row: Row | undefined) => row?.item?.track?.title ?? t('gone')
  const move = (ids: string[], to: number) => {
    list?.edit((doc) => movePlaces(doc, ids, to))
    const title = titleOf(rows.rows.find(({ id }) => id === ids[0]))
    setSaid(t('moved', { title, place: Math.max(0, Math.min(to, rows.count - ids.length)) + 1 }))
  }
  const remove = (ids: readonly string[]) => {
    const gone = new Set(ids)
    const places = (list?.places.peek() ?? []).map((place, at) => ({ place, at }))
    const taken = places.filter(({ place }) => gone.has(place.id))
    list?.edit((doc) => removePlaces(doc, ids))
    const title = titleOf(rows.rows.find(({ id }) => id === ids[0]))
    const undo = () =>
      list?.edit((doc) => {
        for (const { place, at } of taken) insertPlaces(doc, [place], at)
      })
    toast(t('taken', { title, count: taken.length }), { undo })
    setChosen(null)
  }
  useDrag(box, canEdit && chosen === null, (from, to) => move([rows.rows[from]?.id ?? ''], to))
  useUndoKey(list)
  return (
    <section class="list-body">
      {playlist.can.edit && (
        <Tools live={live} rows={rows} chosen={chosen} onChoose={setChosen}>
          <SelectionBar
            rows={rows.rows}
            chosen={chosen ?? new Set()}
            onChoose={setChosen}
            onTop={(ids) => move(ids, 0)}
            onRemove={remove}
            onAdd={(trackIds) => {
              picking.value = { trackIds, title: playlist.title }
            }}
          />
        </Tools>
      )}
      {rows.count === 0 && <Nothing playlist={playlist} />}
      <ol
        class={`list-rows${canEdit ? ' is-editable' : ''}`}
        aria-label={t('list', { title: playlist.title })}
        ref={box}
      >
        {rows.rows.map((row, at) => (
          <TrackRow
            key={row.id}
            playlist={playlist}
            row={row}
            at={at}
            canEdit={canEdit}
            chosen={chosen}
            onChoose={setChosen}
            onPlay={() => playFrom(playlist, rows.rows, at, listKey)}
            onMove={(to) => move([row.id], to === 'end' ? rows.count : to)}
            onRemove={() => remove([row.id])}
          />
        ))}
      </ol>
      {rows.hasMore && (
        <div class="row">
          <Button onClick={rows.more}>{t('more')}</Button>
        </div>
      )}
      <p class="hidden-text" role="status">
        {said}
      </p>
      {canEdit && list && <AddSearch playlist={playlist} list={list} rows={rows} />}
    </section>
  )
}

function Nothing({ playlist }: { playlist: Playlist }) {
  const t = useTexts(pageTexts)
  const text = playlist.kind === 'smart' ? 'emptySmart' : playlist.can.edit ? 'emptyOwn' : 'emptyOther'
  return <EmptyState icon="music" title={t('empty')} text={t(text)} />
}

interface ToolsProps {
  live: Live
  rows: Rows
  chosen: ReadonlySet<string> | null
  onChoose(chosen: ReadonlySet<string> | null): void
  children: preact.ComponentChildren
}

function Tools({ live: { list }, rows, chosen, onChoose, children }: ToolsProps) {
  const t = useTexts(pageTexts)
  if (chosen) return <div class="list-toolbar">{children}</div>
  if (rows.count === 0 && !list?.canUndo.value) return null
  return (
    <div class="list-toolbar">
      <Button
        look="plain"
        icon="check"
        disabled={!list || rows.count === 0}
        onClick={() => onChoose(new Set())}
      >
        {t('select')}
      </Button>
      <Button look="plain" icon="undo" disabled={!list?.canUndo.value} onClick={() => list?.undo()}>
        {t('undo')}
      </Button>
    </div>
  )
}
