import './edit.css'
import { useEffect, useState } from 'preact/hooks'
import { notAllowed, notFound } from '#contract'
import {
  asProblem,
  ButtonLink,
  call,
  confirm,
  Icon,
  Menu,
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
  getRelease,
  listReleaseTracks,
  type Release,
  removeCover,
  setCover,
  trashRelease,
} from '../../contract.ts'
import { ReleaseMarks } from '../ReleaseGrid.tsx'
import { Publishing } from './Publishing.tsx'
import { ReleaseForm } from './ReleaseForm.tsx'
import { TrackTable } from './TrackTable.tsx'
import { editTexts } from './texts.ts'

/** `/releases/{slug}/edit`: everything of a release, for its editors. */
export default function EditPage({ params }: PageProps) {
  const slug = params.slug ?? ''
  return <Open key={slug} slug={slug} />
}

function Open({ slug }: { slug: string }) {
  const t = useTexts(editTexts)
  const [isMade, setMade] = useState(true)
  const query = useQuery(getRelease, { params: { slug } }, isMade ? {} : { everyMs: soonMs })
  const mayGetCover = query.data !== undefined && !query.data.cover && isYoung(query.data)
  useEffect(() => setMade(!mayGetCover), [mayGetCover])
  useTitle(query.data ? t('editTitle', { title: query.data.title }) : undefined)
  if (query.error?.is(notFound) || query.error?.is(notAllowed)) return <NotFound />
  if (query.data && !query.data.can.edit) return <NotFound />
  const saved = (release: Release) => {
    if (release.slug === slug) query.set(release)
    else navigate(`/releases/${release.slug}/edit`, { replace: true })
  }
  return (
    <QueryView query={query}>
      {(release) => (
        <div class="edit">
          <Head release={release} />
          <Publishing release={release} onSaved={saved} />
          <Tracks release={release} onChanged={() => void query.reload()} />
          <section class="edit-words">
            <CoverPart release={release} onSaved={saved} />
            <ReleaseForm key={release.id} release={release} onSaved={saved} />
          </section>
        </div>
      )}
    </QueryView>
  )
}

const soonMs = 3000
const youngMs = 60_000
/** The cover of a draft is made of what its files have, a moment after it. */
const isYoung = ({ createdAt }: Release) => Date.now() - Date.parse(createdAt) < youngMs

function Head({ release }: { release: Release }) {
  const t = useTexts(editTexts)
  const remove = async () => {
    const isSure = await confirm({
      title: t('trashTitle', { title: release.title }),
      text: t('trashText'),
      action: t('trashAction'),
    })
    if (!isSure) return
    try {
      await call(trashRelease, { params: { slug: release.slug } })
      navigate('/trash')
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <PageHeader
      title={
        <>
          {release.title} <ReleaseMarks release={release} />
        </>
      }
      actions={
        <>
          <ButtonLink href={release.href} icon="eye">
            {t('see')}
          </ButtonLink>
          <Menu
            label={t('moreActions')}
            groups={[
              {
                items: [
                  { label: t('trashAction'), icon: 'trash', isDanger: true, onPick: () => void remove() },
                ],
              },
            ]}
          >
            <Icon name="more" />
          </Menu>
        </>
      }
    />
  )
}

interface PartProps {
  release: Release
  onSaved(release: Release): void
}

function CoverPart({ release, onSaved }: PartProps) {
  const t = useTexts(editTexts)
  const params = { slug: release.slug }
  return (
    <PictureField
      label={t('cover')}
      hint={t('coverHint')}
      url={release.cover?.small.jpeg ?? null}
      shape={1}
      onPick={async (file, area) => {
        const query = {
          x: Math.round(area.x),
          y: Math.round(area.y),
          width: Math.round(area.width),
          height: Math.round(area.height),
        }
        onSaved(await call(setCover, { params, query, body: file }))
        toast(t('coverSaved'))
      }}
      onRemove={async () => onSaved(await call(removeCover, { params }))}
    />
  )
}

function Tracks({ release, onChanged }: { release: Release; onChanged(): void }) {
  const [isReady, setReady] = useState(true)
  const input = { params: { slug: release.slug } }
  const query = useQuery(listReleaseTracks, input, isReady ? {} : { everyMs: soonMs })
  const areReady = query.data?.items.every(({ playback }) => playback !== null) ?? true
  useEffect(() => setReady(areReady), [areReady])
  return (
    <QueryView query={query}>
      {({ items }) => (
        <TrackTable
          release={release}
          tracks={items}
          onTracks={(tracks) => {
            query.set({ items: tracks })
            onChanged()
          }}
          onReload={() => {
            void query.reload()
            onChanged()
          }}
        />
      )}
    </QueryView>
  )
}
