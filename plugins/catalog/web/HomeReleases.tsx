import './home.css'
import { Link, player, useQuery, useTexts } from '#web'
import { listReleases, listReleaseTracks, type ReleaseCard } from '../contract.ts'
import { ArtistNames } from './ArtistNames.tsx'
import { CoverArt } from './CoverArt.tsx'
import { PlayRound } from './PlayRound.tsx'
import { fromRelease, playable, stateOf, toggle } from './playing.ts'
import { ReleaseGrid } from './ReleaseGrid.tsx'
import { catalogTexts } from './texts.ts'
import { tintOf } from './tint.ts'

/** On the landing page: the newest release, large and ready to play, then those before it. */
export default function HomeReleases() {
  const t = useTexts(catalogTexts)
  const { data } = useQuery(listReleases, { query: { limit: 7 } })
  const [newest, ...others] = data?.items ?? []
  if (!newest) return null
  return (
    <section class="home-releases">
      <Hero release={newest} />
      {others.length > 0 && (
        <>
          <header class="card-head">
            <h2>{t('newReleases')}</h2>
            <Link href="/library">{t('allReleases')}</Link>
          </header>
          <ReleaseGrid releases={others} />
        </>
      )}
    </section>
  )
}

function Hero({ release }: { release: ReleaseCard }) {
  const t = useTexts(catalogTexts)
  const { data } = useQuery(listReleaseTracks, { params: { slug: release.slug } }, { freshMs: 60_000 })
  const tracks = data?.items ?? []
  const heard = playable(tracks)
  const current = tracks.find(({ id }) => stateOf(id) !== null)
  const state = current && stateOf(current.id)
  const press = () => {
    const track = current ?? heard[0]
    if (track) toggle(tracks, track, fromRelease(release))
  }
  return (
    <article class="home-hero" style={tintOf(release.cover?.colour)}>
      {/* biome-ignore lint/a11y/useAnchorContent: the title beside it is the same link. */}
      <a href={release.href} tabIndex={-1} aria-hidden="true">
        <CoverArt cover={release.cover} size="large" isFirst />
      </a>
      <div>
        <p class="home-hero-mark">{t('newest')}</p>
        <h2>
          <a href={release.href}>{release.title}</a>
        </h2>
        <p class="release-artists">
          <ArtistNames artists={release.artists} />
        </p>
        <PlayRound
          name={release.title}
          isPlaying={state === 'playing' || state === 'loading'}
          isLoading={state === 'loading'}
          isDisabled={heard.length === 0}
          onPress={press}
          onSoon={() => heard[0] && player.value?.warm(heard[0])}
        />
      </div>
    </article>
  )
}
