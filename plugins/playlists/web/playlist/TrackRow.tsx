import type { Track } from '#plugins/catalog'
import { trackActions } from '#plugins/catalog'
import { Avatar, formatAgo, formatClock, Icon, Menu, type MenuItem, player, Slot, useTexts } from '#web'
import type { Playlist } from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'
import { fromList, stateOf } from './playing.ts'
import type { Row } from './use-rows.ts'

interface RowProps {
  playlist: Playlist
  row: Row
  at: number
  canEdit: boolean
  /** Null where nothing is being selected. */
  chosen: ReadonlySet<string> | null
  onChoose(chosen: ReadonlySet<string>): void
  onPlay(): void
  onMove(to: number | 'end'): void
  onRemove(): void
}

/** One track: select or drag, play, what and who, who added it, length, menu. Alt and an arrow key move it. */
export function TrackRow(props: RowProps) {
  const { playlist, row, at, canEdit, chosen, onChoose, onMove } = props
  const t = useTexts(pageTexts)
  const track = row.item?.track ?? null
  const title = track?.title ?? t('gone')
  const state = track && stateOf(playlist, track.id)
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!canEdit || !event.altKey || !step) return
    event.preventDefault()
    onMove(Math.max(0, at + step))
  }
  const choose = (isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(row.id)
    else next.delete(row.id)
    onChoose(next)
  }
  return (
    <li
      class={`list-row${state ? ' is-current' : ''}${track?.playback ? '' : ' is-silent'}`}
      onKeyDown={onKey}
    >
      {chosen ? (
        <label class="list-choose">
          <input
            type="checkbox"
            checked={chosen.has(row.id)}
            aria-label={t('selectOne', { title })}
            onChange={(event) => choose(event.currentTarget.checked)}
          />
        </label>
      ) : (
        canEdit && (
          <button
            type="button"
            class="list-handle"
            aria-label={t('drag', { title })}
            title={t('drag', { title })}
          >
            <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
              <path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" />
            </svg>
          </button>
        )
      )}
      <Play {...props} track={track} />
      <Words track={track} isKnown={row.item !== undefined} />
      <a class="list-release" href={track?.release.href}>
        {track?.release.title}
      </a>
      <Added row={row} />
      <span class="list-time figures">{track && formatClock(track.durationMs)}</span>
      <RowMenu {...props} track={track} />
    </li>
  )
}

function Play({ playlist, at, onPlay, track }: RowProps & { track: Track | null }) {
  const t = useTexts(pageTexts)
  const thumb = track?.release.cover?.thumb
  const state = track && stateOf(playlist, track.id)
  const press = () => {
    if (state === 'playing') player.value?.pause()
    else if (state === 'paused') player.value?.resume()
    else onPlay()
  }
  return (
    <button
      type="button"
      class="list-play"
      disabled={!track?.playback || !player.value}
      aria-label={
        track ? t(state === 'playing' ? 'pauseTrack' : 'playTrack', { title: track.title }) : t('gone')
      }
      onClick={press}
      onPointerEnter={() => track?.playback && player.value?.warm(track)}
    >
      {thumb ? <img src={thumb} alt="" width={44} height={44} loading="lazy" /> : <i />}
      <span class="list-number figures" data-number={at + 1} />
      <Icon name={state === 'playing' ? 'pause' : 'play'} size={20} />
    </button>
  )
}

function Words({ track, isKnown }: { track: Track | null; isKnown: boolean }) {
  const t = useTexts(pageTexts)
  if (!track) return <span class="list-words muted">{isKnown ? t('gone') : '…'}</span>
  return (
    <span class="list-words">
      <a class="list-title" href={`/tracks/${track.id}`}>
        {track.title}
        {track.isExplicit && <abbr title="explicit"> E</abbr>}
      </a>
      <span class="list-artists">
        {track.artists.map(({ name, slug, role }, index) => (
          <span key={`${name} ${role}`}>
            {index > 0 && ', '}
            {slug ? <a href={`/artists/${slug}`}>{name}</a> : name}
          </span>
        ))}
      </span>
    </span>
  )
}

/** Who added it and when. */
function Added({ row: { item } }: { row: Row }) {
  const t = useTexts(pageTexts)
  if (!item?.addedAt) return <span class="list-added" />
  const when = formatAgo(item.addedAt)
  const { addedBy } = item
  const words = addedBy ? t('addedBy', { name: addedBy.displayName, when }) : t('addedByGone', { when })
  return (
    <span class="list-added" title={words}>
      {addedBy && <Avatar name={addedBy.displayName} url={addedBy.avatarUrl} size={24} />}
      <span class="muted small" aria-hidden="true">
        {when}
      </span>
      <span class="hidden-text">{words}</span>
    </span>
  )
}

function RowMenu({ playlist, at, canEdit, onMove, onRemove, track }: RowProps & { track: Track | null }) {
  const t = useTexts(pageTexts)
  const title = track?.title ?? t('gone')
  const places: MenuItem[] = canEdit
    ? [
        { label: t('up'), onPick: () => onMove(Math.max(0, at - 1)) },
        { label: t('down'), onPick: () => onMove(at + 1) },
        { label: t('top'), onPick: () => onMove(0) },
        { label: t('bottom'), onPick: () => onMove('end') },
        { label: t('take'), icon: 'trash', onPick: onRemove },
      ]
    : []
  const listen: MenuItem[] = track
    ? [
        ...(track.playback
          ? [
              {
                label: t('playNext'),
                icon: 'queue' as const,
                onPick: () => player.value?.playNext([track], fromList(playlist)),
              },
            ]
          : []),
        { label: t('toRelease'), icon: 'library' as const, href: track.release.href },
      ]
    : []
  const groups = [{ items: places }, { items: listen }].filter(({ items }) => items.length > 0)
  if (groups.length === 0) return <span />
  return (
    <Menu
      label={t('rowMenu', { title })}
      groups={groups}
      {...(track
        ? { more: (close: () => void) => <Slot of={trackActions} props={{ track, onDone: close }} /> }
        : {})}
    >
      <span class="icon-button">
        <Icon name="more" />
      </span>
    </Menu>
  )
}
