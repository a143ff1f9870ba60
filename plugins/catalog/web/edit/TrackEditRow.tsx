import { useState } from 'preact/hooks'
import { asProblem, Badge, Button, call, formatClock, Icon, IconButton, toast, useTexts } from '#web'
import { restoreTrash, type Track, trashTrack } from '../../contract.ts'
import { namesOf } from '../ArtistNames.tsx'
import { AudioPart } from './AudioPart.tsx'
import { TrackForm } from './TrackForm.tsx'
import { editTexts } from './texts.ts'

interface TrackEditRowProps {
  track: Track
  isChosen: boolean
  onChoose(isOn: boolean): void
  onMove(by: -1 | 1): void
  onChanged(): void
}

/** One track: its handle, its name, and on demand all that can be said of it. */
export function TrackEditRow({ track, isChosen, onChoose, onMove, onChanged }: TrackEditRowProps) {
  const t = useTexts(editTexts)
  const [isOpen, setOpen] = useState(location.hash === `#${track.id}`)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined
    if (!by) return
    event.preventDefault()
    onMove(by)
  }
  const remove = async () => {
    try {
      await call(trashTrack, { params: { id: track.id } })
      onChanged()
      const undo = () => void call(restoreTrash, { params: { id: track.id } }).then(onChanged)
      toast(t('trackTrashed', { title: track.title }), { undo })
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <li class="edit-item" id={track.id}>
      <div class="edit-row">
        <button
          type="button"
          class="drag-handle"
          aria-label={t('moveTrack', { title: track.title })}
          title={t('moveHint')}
          onKeyDown={onKeyDown}
        >
          <Icon name="list" size={18} />
        </button>
        <input
          type="checkbox"
          aria-label={t('choose', { title: track.title })}
          checked={isChosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
        <span class="edit-number">
          {track.discNumber > 1 && `${track.discNumber}-`}
          {track.trackNumber}
        </span>
        <span class="edit-name">
          <strong>{track.title}</strong>
          <span class="muted small">{namesOf(track.artists)}</span>
        </span>
        {!track.playback && <Badge tone="warn">{t('processing')}</Badge>}
        <span class="muted small">{formatClock(track.durationMs)}</span>
        <Button look="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'close' : 'open')}
        </Button>
        <IconButton
          icon="trash"
          label={t('trashTrack', { title: track.title })}
          onClick={() => void remove()}
        />
      </div>
      {isOpen && (
        <div class="edit-open">
          <TrackForm id={track.id} onSaved={onChanged} />
          <AudioPart track={track} onChanged={onChanged} />
        </div>
      )}
    </li>
  )
}
