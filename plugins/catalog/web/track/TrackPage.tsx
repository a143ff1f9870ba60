import './track.css'
import '../release/release.css'
import { notFound } from '#contract'
import {
  query as addressQuery,
  Badge,
  ButtonLink,
  formatClock,
  formatNumber,
  NotFound,
  type PageProps,
  player,
  QueryView,
  Skeleton,
  Slot,
  useQuery,
  useTexts,
  useTitle,
  Waveform,
} from '#web'
import { getTrack, listReleaseTracks, type Track, type TrackInFull, trackParts } from '../../contract.ts'
import { ArtistNames } from '../ArtistNames.tsx'
import { CoverArt } from '../CoverArt.tsx'
import { Favourite, Stars } from '../Favourite.tsx'
import { PlayRound } from '../PlayRound.tsx'
import { fromRelease, playAt, stateOf, toggle } from '../playing.ts'
import { Explicit } from '../TrackList.tsx'
import { TrackMenu } from '../TrackMenu.tsx'
import { catalogTexts } from '../texts.ts'
import { tintOf } from '../tint.ts'
import { Download } from './Download.tsx'
import { Lyrics } from './Lyrics.tsx'
import { Similar } from './Similar.tsx'

/** `/tracks/{id}`: one recording, its waveform, words and numbers; `?t=83` begins there. */
export default function TrackPage({ params }: PageProps) {
  const id = params.id ?? ''
  const key = addressQuery.value.get('key') ?? undefined
  return <Open key={`${id} ${key}`} id={id} secret={key} />
}

function Open({ id, secret }: { id: string; secret: string | undefined }) {
  const query = useQuery(getTrack, { params: { id }, query: { key: secret } }, { freshMs: 60_000 })
  useTitle(query.data?.title)
  if (query.error?.is(notFound)) return <NotFound />
  return (
    <QueryView query={query} skeleton={<Skeleton lines={8} />}>
      {(track) => <Shown track={track} secret={secret} />}
    </QueryView>
  )
}

function Shown({ track, secret }: { track: TrackInFull; secret: string | undefined }) {
  // The rest of the release follows, as on its page.
  const album = useQuery(
    listReleaseTracks,
    { params: { slug: track.release.slug }, query: { key: secret } },
    { freshMs: 60_000 },
  )
  const tracks: Track[] = album.data?.items ?? [track]
  return (
    <article class="release track-page" style={tintOf(track.release.cover?.colour)}>
      <Head track={track} tracks={tracks} />
      <Wave track={track} tracks={tracks} />
      <div class="release-body">
        <Lyrics track={track} />
        <Facts track={track} />
      </div>
      <Slot of={trackParts} props={{ track }} />
      <Similar track={track} />
    </article>
  )
}

/** Second of the recording that the address asks for. */
const startMs = () => Math.max(0, Number(addressQuery.value.get('t') ?? 0) || 0) * 1000

function press(track: Track, tracks: Track[]): void {
  const from = fromRelease(track.release)
  if (stateOf(track.id) || startMs() === 0) toggle(tracks, track, from)
  else playAt({ track, tracks, from }, startMs())
}

function Head({ track, tracks }: { track: TrackInFull; tracks: Track[] }) {
  const t = useTexts(catalogTexts)
  const state = stateOf(track.id)
  const from = startMs()
  return (
    <header class="track-head">
      <a href={track.release.href}>
        <CoverArt
          cover={track.release.cover}
          size="small"
          alt={t('coverOf', { title: track.release.title })}
          isFirst
        />
      </a>
      <div class="release-words">
        <h1>
          {track.title}
          {track.isExplicit && <Explicit />}
        </h1>
        <p class="release-artists">
          <ArtistNames artists={track.artists} />
        </p>
        <p class="release-facts">
          {t('fromRelease')} <a href={track.release.href}>{track.release.title}</a>
          {' · '}
          {formatClock(track.durationMs)}
          {track.plays > 0 && ` · ${t('plays', { count: track.plays })}`}
        </p>
        <div class="release-actions">
          <PlayRound
            name={track.title}
            isPlaying={state === 'playing' || state === 'loading'}
            isLoading={state === 'loading'}
            isDisabled={!track.playback}
            onPress={() => press(track, tracks)}
            onSoon={() => player.value?.warm(track)}
          />
          {from > 0 && !state && <Badge>{t('startsAt', { at: formatClock(from) })}</Badge>}
          <Favourite track={track} />
          {track.mine && <Stars track={track} />}
          <TrackMenu track={track} without="track" />
          {track.can.edit && (
            <ButtonLink href={`/releases/${track.release.slug}/edit#${track.id}`} icon="edit">
              {t('edit')}
            </ButtonLink>
          )}
        </div>
      </div>
    </header>
  )
}

function Wave({ track, tracks }: { track: TrackInFull; tracks: Track[] }) {
  const t = useTexts(catalogTexts)
  if (!track.waveform) return <p class="muted">{t('processing')}</p>
  return (
    <div class="track-page-wave">
      <Waveform
        url={track.durationMs > 600_000 ? track.waveform.url : track.waveform.detailUrl}
        durationMs={track.durationMs}
        positionMs={stateOf(track.id) ? () => player.value?.positionMs() ?? 0 : startMs()}
        onSeek={(ms) => playAt({ track, tracks, from: fromRelease(track.release) }, ms)}
        label={t('seekIn', { title: track.title })}
      />
    </div>
  )
}

function Facts({ track }: { track: TrackInFull }) {
  const t = useTexts(catalogTexts)
  const one = (value: number | null, unit: string) =>
    value === null ? '' : `${formatNumber(value, { maximumFractionDigits: 1 })} ${unit}`
  const facts: [string, string][] = [
    [t('genre'), track.genre],
    [t('bpm'), one(track.bpm, '')],
    [t('key'), track.key ?? ''],
    [t('isrc'), track.isrc ?? ''],
    [t('licence'), track.licence],
    [t('loudness'), one(track.loudnessLufs, 'LUFS')],
    [t('truePeak'), one(track.truePeakDbtp, 'dBTP')],
    [t('range'), one(track.loudnessRangeLu, 'LU')],
    [t('source'), sourceOf(track)],
  ]
  const others = track.credits.filter(({ role }) => role !== 'main' && role !== 'featured')
  return (
    <aside class="release-credits" aria-label={t('facts')}>
      <dl>
        {others.map(({ name, role }) => (
          <div key={`${name} ${role}`}>
            <dt>{role}</dt>
            <dd>{name}</dd>
          </div>
        ))}
        {facts
          .filter(([, value]) => value.trim())
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Download track={track} />
    </aside>
  )
}

/** `FLAC 24 bit, 48 kHz` */
function sourceOf({ source }: TrackInFull): string {
  if (!source?.format) return ''
  const rate = source.sampleRate ? `${formatNumber(source.sampleRate / 1000)} kHz` : ''
  const depth = source.bitDepth ? `${source.bitDepth} bit` : ''
  return [source.format, [depth, rate].filter(Boolean).join(', ')].filter(Boolean).join(' ')
}
