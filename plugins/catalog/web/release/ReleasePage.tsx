import './release.css'
import { notFound } from '#contract'
import {
  query as addressQuery,
  ButtonLink,
  formatDate,
  formatDuration,
  NotFound,
  Notice,
  type PageProps,
  Prose,
  player,
  QueryView,
  Skeleton,
  Slot,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import {
  getRelease,
  listReleaseTracks,
  type Release,
  releaseActions,
  releaseParts,
  type Track,
} from '../../contract.ts'
import { ArtistNames } from '../ArtistNames.tsx'
import { CoverArt } from '../CoverArt.tsx'
import { PlayRound } from '../PlayRound.tsx'
import { fromRelease, playable, stateOf, toggle } from '../playing.ts'
import { ReleaseMarks } from '../ReleaseGrid.tsx'
import { TrackList } from '../TrackList.tsx'
import { catalogTexts } from '../texts.ts'
import { tintOf } from '../tint.ts'
import { Credits } from './Credits.tsx'
import { MoreOfArtist } from './MoreOfArtist.tsx'

/** `/releases/{slug}`: the cover leads, one click plays. */
export default function ReleasePage({ params }: PageProps) {
  const slug = params.slug ?? ''
  const key = addressQuery.value.get('key') ?? undefined
  return <Open key={`${slug} ${key}`} slug={slug} secret={key} />
}

function Open({ slug, secret }: { slug: string; secret: string | undefined }) {
  const input = { params: { slug }, query: { key: secret } }
  const release = useQuery(getRelease, input)
  const tracks = useQuery(listReleaseTracks, input, { freshMs: 60_000 })
  useTitle(release.data?.title)
  if (release.error?.is(notFound)) return <NotFound />
  return (
    <QueryView query={release} skeleton={<ReleaseSkeleton />}>
      {(shown) => (
        <article class="release" style={tintOf(shown.cover?.colour)}>
          <Head release={shown} tracks={tracks.data?.items ?? []} />
          <QueryView query={tracks} skeleton={<Skeleton lines={6} />}>
            {({ items }) => <Tracks release={shown} tracks={items} />}
          </QueryView>
          <Words release={shown} tracks={tracks.data?.items ?? []} />
          {tracks.data && <Slot of={releaseParts} props={{ release: shown, tracks: tracks.data.items }} />}
          <MoreOfArtist release={shown} />
        </article>
      )}
    </QueryView>
  )
}

function Head({ release, tracks }: { release: Release; tracks: Track[] }) {
  const t = useTexts(catalogTexts)
  const heard = playable(tracks)
  const current = tracks.find(({ id }) => stateOf(id) !== null)
  const state = current && stateOf(current.id)
  const isSounding = state === 'playing' || state === 'loading'
  const press = () => {
    const track = current ?? heard[0]
    if (track) toggle(tracks, track, fromRelease(release))
  }
  return (
    <header class="release-head">
      <CoverArt cover={release.cover} size="large" alt={t('coverOf', { title: release.title })} isFirst />
      <div class="release-words">
        <ReleaseMarks release={release} />
        <h1>{release.title}</h1>
        <p class="release-artists">
          <ArtistNames artists={release.artists} />
        </p>
        <Facts release={release} />
        <div class="release-actions">
          <PlayRound
            name={release.title}
            isPlaying={isSounding}
            isLoading={state === 'loading'}
            isDisabled={heard.length === 0}
            onPress={press}
            onSoon={() => heard[0] && player.value?.warm(heard[0])}
          />
          <Slot of={releaseActions} props={{ release, tracks }} />
          {release.can.edit && (
            <ButtonLink href={`/releases/${release.slug}/edit`} icon="edit">
              {t('edit')}
            </ButtonLink>
          )}
        </div>
        <Unseen release={release} />
      </div>
    </header>
  )
}

/** `HT-042 · 9 tracks, 41 min · 14 November 2026 · Dub techno` */
function Facts({ release }: { release: Release }) {
  const t = useTexts(catalogTexts)
  const facts = [
    release.catalogNumber,
    release.trackCount > 0 &&
      `${t('trackCount', { count: release.trackCount })}, ${formatDuration(release.durationMs)}`,
    release.releaseDate && dateOf(release.releaseDate),
    release.genre,
  ]
  return <p class="release-facts">{facts.filter(Boolean).join(' · ')}</p>
}

/** A whole date by locale; a month or a year as it is. */
export const dateOf = (date: string): string =>
  date.length === 10 ? formatDate(`${date}T12:00:00.000Z`, 'date') : date

/** Why others do not see what its makers see. */
function Unseen({ release }: { release: Release }) {
  const t = useTexts(catalogTexts)
  if (!release.can.edit) return null
  if (release.status === 'draft') return <Notice tone="warn">{t('draftNotice')}</Notice>
  if (release.status === 'scheduled' && release.publishAt)
    return <Notice>{t('scheduledNotice', { at: formatDate(release.publishAt) })}</Notice>
  if (release.visibility === 'unlisted') return <Notice>{t('unlistedNotice')}</Notice>
  return release.visibility === 'private' ? <Notice>{t('privateNotice')}</Notice> : null
}

function Tracks({ release, tracks }: { release: Release; tracks: Track[] }) {
  const t = useTexts(catalogTexts)
  if (tracks.length === 0) return <p class="muted">{t('noTracks')}</p>
  return (
    <TrackList
      tracks={tracks}
      from={fromRelease(release)}
      look="release"
      label={t('tracksOf', { title: release.title })}
    />
  )
}

function Words({ release, tracks }: { release: Release; tracks: Track[] }) {
  const t = useTexts(catalogTexts)
  return (
    <div class="release-body">
      {(release.descriptionHtml || release.tags.length > 0) && (
        <div>
          {release.descriptionHtml && <Prose html={release.descriptionHtml} />}
          {release.tags.length > 0 && (
            <ul class="release-tags" aria-label={t('tags')}>
              {release.tags.map((tag) => (
                <li key={tag}>
                  <a href={`/library/tracks?tag=${encodeURIComponent(tag)}`}>{tag}</a>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <Credits release={release} tracks={tracks} />
    </div>
  )
}

function ReleaseSkeleton() {
  return (
    <div class="release">
      <div class="release-head">
        <Skeleton shape="block" count={1} />
        <Skeleton lines={4} />
      </div>
      <Skeleton lines={6} />
    </div>
  )
}
