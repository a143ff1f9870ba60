import './artists.css'
import { notFound } from '#contract'
import {
  Badge,
  ButtonLink,
  EmptyState,
  Icon,
  NotFound,
  Notice,
  type PageProps,
  Prose,
  QueryView,
  Slot,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { type Artist, artistParts, getArtist } from '../contract.ts'
import { ArtistPicture } from './ArtistGrid.tsx'
import { artistTexts } from './texts.ts'

/** `/artists/{slug}`: pictures, words, links, and what other plugins know of the artist. */
export default function ArtistPage({ params }: PageProps) {
  const slug = params.slug ?? ''
  return <OpenArtist key={slug} slug={slug} />
}

function OpenArtist({ slug }: { slug: string }) {
  const query = useQuery(getArtist, { params: { slug } })
  useTitle(query.data?.name)
  if (query.error?.is(notFound)) return <NotFound />
  return <QueryView query={query}>{(artist) => <Shown artist={artist} />}</QueryView>
}

function Shown({ artist }: { artist: Artist }) {
  const t = useTexts(artistTexts)
  const { slug, name, place, genres, links, picture, bannerUrl, bioHtml, can } = artist
  const isEmpty = !bioHtml && links.length === 0 && !picture
  return (
    <article class="artist">
      {bannerUrl && <img class="artist-banner" src={bannerUrl} alt="" />}
      <header class={`artist-head${bannerUrl ? ' has-banner' : ''}`}>
        <ArtistPicture name={name} url={picture?.large ?? null} />
        <div>
          <h1>{name}</h1>
          <p class="artist-facts muted">
            {genres.map((genre) => (
              <Badge key={genre}>{genre}</Badge>
            ))}
            {place && (
              <span>
                <Icon name="place" size={18} /> {place}
              </span>
            )}
          </p>
          {can.edit && (
            <div class="row">
              <ButtonLink href={`/artists/${slug}/edit`} icon="edit">
                {t('edit')}
              </ButtonLink>
            </div>
          )}
        </div>
      </header>
      {!artist.isListed && <Notice>{t('unlistedNotice')}</Notice>}
      {isEmpty && can.edit && <EmptyState icon="user" title={t('emptyOwn')} text={t('emptyOwnText')} />}
      <div class="artist-body">
        {bioHtml && <Prose html={bioHtml} />}
        {links.length > 0 && (
          <aside>
            <h2>{t('links')}</h2>
            <ul class="artist-links">
              {links.map(({ label, url }) => (
                <li key={url}>
                  <a href={url} target="_blank" rel="nofollow ugc noopener noreferrer">
                    <Icon name="link" size={18} /> {label}
                  </a>
                </li>
              ))}
            </ul>
          </aside>
        )}
      </div>
      <Slot of={artistParts} props={{ artist }} />
    </article>
  )
}
