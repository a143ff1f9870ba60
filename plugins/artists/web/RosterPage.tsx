import './artists.css'
import { useEffect, useState } from 'preact/hooks'
import {
  Button,
  call,
  can,
  Dialog,
  EmptyState,
  Field,
  Form,
  MoreButton,
  navigate,
  PageHeader,
  QueryView,
  slugOf,
  toast,
  usePages,
  useSite,
  useTexts,
  useTitle,
} from '#web'
import { createArtist, listArtists } from '../contract.ts'
import { ArtistGrid } from './ArtistGrid.tsx'
import { artistTexts } from './texts.ts'

/** `/artists`: the roster. */
export default function RosterPage() {
  const t = useTexts(artistTexts)
  const { title } = useSite()
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [isAdding, setAdding] = useState(false)
  useTitle(t('artists'))
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 200)
    return () => clearTimeout(timer)
  }, [typed])
  const pages = usePages(listArtists, { query: { q: q || undefined, limit: 100 } })
  const mayAdd = can('artists.manage')
  const addButton = mayAdd && (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('artists')} lead={t('lead', { label: title })} actions={addButton} />
      <QueryView query={pages.query}>
        {({ items }) =>
          items.length === 0 && q === '' ? (
            <EmptyState icon="users" title={t('empty')} text={t('emptyText')} action={addButton} />
          ) : (
            <>
              <div class="artist-search">
                <Field name="q" label={t('search')} value={typed} onValue={setTyped} maxLength={80} />
              </div>
              {items.length === 0 && <p class="muted">{t('nothing')}</p>}
              <ArtistGrid artists={pages.items} />
              <MoreButton pages={pages} />
            </>
          )
        }
      </QueryView>
      {isAdding && <AddDialog onClose={() => setAdding(false)} />}
    </>
  )
}

function AddDialog({ onClose }: { onClose(): void }) {
  const t = useTexts(artistTexts)
  const [name, setName] = useState('')
  return (
    <Dialog title={t('add')} isOpen onClose={onClose}>
      <Form
        fields={[
          { name: 'name', label: t('name'), maxLength: 80 },
          {
            name: 'slug',
            label: t('slug'),
            hint: t('slugHint'),
            isOptional: true,
            maxLength: 40,
            placeholder: slugOf(name),
          },
        ]}
        onChange={(values) => setName(values.name)}
        submit={t('create')}
        onSubmit={async (values) => {
          const slug = values.slug.trim() || slugOf(values.name)
          const artist = await call(createArtist, { body: { name: values.name, slug, isListed: true } })
          toast(t('added', { name: artist.name }))
          navigate(`/artists/${artist.slug}/edit`)
        }}
      />
    </Dialog>
  )
}
