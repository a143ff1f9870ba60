import './tracks.css'
import { formatClock, Icon, type PlayFrom, player, useTexts, Waveform } from '#web'
import type { Track } from '../contract.ts'
import { ArtistNames, namesOf } from './ArtistNames.tsx'
import { CoverArt } from './CoverArt.tsx'
import { Favourite } from './Favourite.tsx'
import { playAt, stateOf, toggle } from './playing.ts'
import { secretOf } from './secret.ts'
import { TrackMenu } from './TrackMenu.tsx'
import { catalogTexts } from './texts.ts'

interface TrackListProps {
  tracks: readonly Track[]
  from: PlayFrom | null
  /** `release`: numbers and waveforms; `mixed`: covers, for lists out of many releases. */
  look: 'release' | 'mixed'
  /** Names the list. */
  label: string
}

/** Tracks in rows: play, what and who, waveform, length, menu. */
export function TrackList({ tracks, from, look, label }: TrackListProps) {
  const discs = new Set(tracks.map(({ discNumber }) => discNumber))
  const t = useTexts(catalogTexts)
  return (
    <ol class={`track-list is-${look}`} aria-label={label}>
      {tracks.map((track, at) => {
        const isDiscStart =
          look === 'release' && discs.size > 1 && tracks[at - 1]?.discNumber !== track.discNumber
        return (
          <li key={track.id}>
            {isDiscStart && <h3 class="track-disc">{t('disc', { number: track.discNumber })}</h3>}
            <Row track={track} tracks={tracks} from={from} look={look} />
          </li>
        )
      })}
    </ol>
  )
}

type RowProps = Omit<TrackListProps, 'label'> & { track: Track }

function Row({ track, tracks, from, look }: RowProps) {
  const state = stateOf(track.id)
  const isRelease = look === 'release'
  const sameArtists = namesOf(track.artists) === namesOf(track.release.artists)
  return (
    <div class={`track-row${state ? ' is-current' : ''}${track.playback ? '' : ' is-silent'}`}>
      <PlayCell track={track} tracks={tracks} from={from} look={look} />
      {!isRelease && (
        <span class="track-cover">
          <CoverArt cover={track.release.cover} size="thumb" />
        </span>
      )}
      <div class="track-words">
        <a class="track-title" href={`/tracks/${track.id}${keyOf(track)}`}>
          {track.title}
          {track.isExplicit && <Explicit />}
        </a>
        {!(isRelease && sameArtists) && (
          <span class="track-artists">
            <ArtistNames artists={track.artists} />
          </span>
        )}
      </div>
      {isRelease && (
        <div class="track-wave">
          <RowWave track={track} onSeek={(ms) => playAt({ track, tracks, from }, ms)} />
        </div>
      )}
      {!isRelease && (
        <a class="track-release" href={track.release.href}>
          {track.release.title}
        </a>
      )}
      <span class="track-facts">
        {[track.bpm && Math.round(track.bpm), track.key].filter(Boolean).join(' · ')}
      </span>
      <Favourite track={track} />
      <span class="track-time">{formatClock(track.durationMs)}</span>
      <TrackMenu track={track} {...(isRelease ? { without: 'release' as const } : {})} />
    </div>
  )
}

function PlayCell({ track, tracks, from, look }: RowProps) {
  const t = useTexts(catalogTexts)
  const state = stateOf(track.id)
  const isSounding = state === 'playing' || state === 'loading'
  const label = isSounding ? t('pauseThis', { name: track.title }) : t('playThis', { name: track.title })
  if (!track.playback)
    return (
      <span class="track-play" title={t('processing')}>
        <Icon name="clock" size={18} />
        <span class="hidden-text">{t('processing')}</span>
      </span>
    )
  return (
    <button
      type="button"
      class="track-play"
      aria-label={label}
      onClick={() => toggle(tracks, track, from)}
      onPointerEnter={() => player.value?.warm(track)}
    >
      {look === 'release' && !isSounding && <span class="track-number" data-number={track.trackNumber} />}
      <Icon name={isSounding ? 'pause' : 'play'} size={18} />
    </button>
  )
}

function RowWave({ track, onSeek }: { track: Track; onSeek(ms: number): void }) {
  const t = useTexts(catalogTexts)
  if (!track.waveform) return null
  const isCurrent = stateOf(track.id) !== null
  return (
    <Waveform
      url={track.waveform.url}
      durationMs={track.durationMs}
      positionMs={isCurrent ? () => player.value?.positionMs() ?? 0 : undefined}
      onSeek={onSeek}
      label={t('seekIn', { title: track.title })}
    />
  )
}

/** The secret of an unlisted release goes along to its tracks. */
function keyOf(track: Track): string {
  const key = secretOf(track)
  return key ? `?key=${encodeURIComponent(key)}` : ''
}

export function Explicit() {
  const t = useTexts(catalogTexts)
  return (
    <abbr class="explicit" title={t('explicit')}>
      E
    </abbr>
  )
}
