import { useEffect, useRef, useState } from 'preact/hooks'
import { asProblem, Button, ButtonLink, call, toast, useTexts } from '#web'
import { orderTracks, type Release, type Track } from '../../contract.ts'
import { AddUploaded } from './AddUploaded.tsx'
import { BatchDialog } from './BatchDialog.tsx'
import { moved, onDisc } from './order.ts'
import { TrackEditRow } from './TrackEditRow.tsx'
import { editTexts } from './texts.ts'

interface TrackTableProps {
  release: Release
  tracks: Track[]
  onTracks(tracks: Track[]): void
  onReload(): void
}

/** The tracks in their order: dragged, moved by keyboard, opened to be changed, several at once. */
export function TrackTable({ release, tracks, onTracks, onReload }: TrackTableProps) {
  const t = useTexts(editTexts)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isBatch, setBatch] = useState(false)
  const order = async (wanted: Track[]) => {
    onTracks(wanted)
    const items = wanted.map(({ id, discNumber }) => ({ id, discNumber }))
    try {
      const { items: saved } = await call(orderTracks, { params: { slug: release.slug }, body: { items } })
      onTracks(saved)
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
      onReload()
    }
  }
  const list = useDragging(tracks, (from, to) => void order(moved(tracks, from, to)))
  const choose = (id: string, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  const picked = tracks.filter(({ id }) => chosen.has(id))
  return (
    <section class="edit-tracks">
      <header class="card-head">
        <h2>{t('tracks')}</h2>
        <ButtonLink href="/upload" icon="upload">
          {t('uploadMore')}
        </ButtonLink>
      </header>
      {tracks.length === 0 && <p class="muted">{t('noTracks')}</p>}
      {tracks.length > 1 && (
        <div class="edit-batch">
          <label>
            <input
              type="checkbox"
              checked={picked.length === tracks.length}
              onChange={(event) =>
                setChosen(new Set(event.currentTarget.checked ? tracks.map(({ id }) => id) : []))
              }
            />
            {t('chooseAll')}
          </label>
          <Button disabled={picked.length === 0} icon="edit" onClick={() => setBatch(true)}>
            {picked.length === 0 ? t('editNone') : t('editChosen', { count: picked.length })}
          </Button>
        </div>
      )}
      <AddUploaded release={release} onAdded={onReload} />
      <ol class="edit-list" ref={list}>
        {tracks.map((track, at) => (
          <TrackEditRow
            key={track.id}
            track={track}
            isChosen={chosen.has(track.id)}
            onChoose={(isOn) => choose(track.id, isOn)}
            onMove={(by) => void order(moved(tracks, at, at + by))}
            onChanged={onReload}
          />
        ))}
      </ol>
      {isBatch && (
        <BatchDialog
          tracks={picked}
          onClose={() => setBatch(false)}
          onDisc={(discNumber) => order(onDisc(tracks, chosen, discNumber))}
          onSaved={() => {
            setBatch(false)
            setChosen(new Set())
            onReload()
          }}
        />
      )}
    </section>
  )
}

/** Drag and drop, loaded when there is something to drag. */
function useDragging(tracks: Track[], onMoved: (from: number, to: number) => void) {
  const list = useRef<HTMLOListElement>(null)
  const newest = useRef(onMoved)
  newest.current = onMoved
  const isWanted = tracks.length > 1
  useEffect(() => {
    const box = list.current
    if (!box || !isWanted) return undefined
    let stop = () => {}
    let isGone = false
    void import('sortablejs').then(({ default: Sortable }) => {
      if (isGone) return
      const sortable = Sortable.create(box, {
        handle: '.drag-handle',
        animation: 140,
        onEnd: ({ oldIndex = 0, newIndex = 0, item }) => {
          // The page draws the list; what the drag moved goes back first.
          box.insertBefore(item, box.children[oldIndex + (newIndex < oldIndex ? 1 : 0)] ?? null)
          if (oldIndex !== newIndex) newest.current(oldIndex, newIndex)
        },
      })
      stop = () => sortable.destroy()
    })
    return () => {
      isGone = true
      stop()
    }
  }, [isWanted])
  return list
}
