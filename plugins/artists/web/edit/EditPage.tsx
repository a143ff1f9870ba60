import '../artists.css'
import { notFound } from '#contract'
import {
  asProblem,
  Button,
  ButtonLink,
  call,
  confirmByName,
  forgetQueries,
  NotFound,
  navigate,
  PageHeader,
  type PageProps,
  PictureField,
  QueryView,
  toast,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import {
  type Artist,
  getArtist,
  removeArtist,
  removeBanner,
  removePicture,
  setBanner,
  setPicture,
} from '../../contract.ts'
import { artistTexts } from '../texts.ts'
import { ArtistForm } from './ArtistForm.tsx'
import { Managers } from './Managers.tsx'

/** `/artists/{slug}/edit`: pictures at once, words together, and who else looks after the page. */
export default function EditPage({ params }: PageProps) {
  const t = useTexts(artistTexts)
  const slug = params.slug ?? ''
  const query = useQuery(getArtist, { params: { slug } })
  useTitle(t('edit'))
  if (query.error?.is(notFound) || query.data?.can.edit === false) return <NotFound />
  const shown = (artist: Artist, words: string) => {
    forgetQueries()
    query.set(artist)
    toast(words)
    if (artist.slug !== slug) navigate(`/artists/${artist.slug}/edit`, { replace: true })
  }
  return (
    <div class="artist-edit">
      <PageHeader
        title={query.data?.name ?? t('edit')}
        actions={<ButtonLink href={`/artists/${slug}`}>{t('see')}</ButtonLink>}
      />
      <QueryView query={query}>
        {(artist) => (
          <>
            <PictureField
              label={t('picture')}
              url={artist.picture?.small ?? null}
              shape={1}
              onPick={async (file, area) =>
                shown(
                  await call(setPicture, { params: { slug }, query: area, body: file }),
                  t('pictureSaved'),
                )
              }
              onRemove={async () =>
                shown(await call(removePicture, { params: { slug } }), t('pictureRemoved'))
              }
            />
            <PictureField
              label={t('banner')}
              hint={t('bannerHint')}
              url={artist.bannerUrl}
              shape={4}
              onPick={async (file, area) =>
                shown(await call(setBanner, { params: { slug }, query: area, body: file }), t('pictureSaved'))
              }
              onRemove={async () =>
                shown(await call(removeBanner, { params: { slug } }), t('pictureRemoved'))
              }
            />
            <ArtistForm artist={artist} onSaved={(saved) => shown(saved, t('saved'))} />
            <Managers slug={slug} />
            {artist.can.manage && <Removal artist={artist} />}
          </>
        )}
      </QueryView>
    </div>
  )
}

function Removal({ artist }: { artist: Artist }) {
  const t = useTexts(artistTexts)
  const { slug, name } = artist
  const remove = async () => {
    const question = { title: t('removeTitle', { name }), text: t('removeText'), action: t('remove') }
    if (!(await confirmByName({ ...question, name }))) return
    try {
      await call(removeArtist, { params: { slug } })
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
      return
    }
    forgetQueries()
    toast(t('removed', { name }))
    navigate('/artists', { replace: true })
  }
  return (
    <div class="artist-managers">
      <div class="row">
        <Button look="danger" icon="trash" onClick={() => void remove()}>
          {t('remove')}
        </Button>
      </div>
    </div>
  )
}
