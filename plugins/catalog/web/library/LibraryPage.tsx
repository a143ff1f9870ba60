import './library.css'
import {
  type Fill,
  me,
  NotFound,
  PageHeader,
  type PageProps,
  say,
  TabLinks,
  useFills,
  useTexts,
  useTitle,
} from '#web'
import { libraryTabs } from '../../contract.ts'
import { catalogTexts } from '../texts.ts'
import { ArtistsTab } from './ArtistsTab.tsx'
import { Filled } from './Filled.tsx'
import { ReleasesTab } from './ReleasesTab.tsx'
import { TracksTab } from './TracksTab.tsx'

/** `/library` and its tabs; other plugins add theirs. */
export default function LibraryPage({ params }: PageProps) {
  const t = useTexts(catalogTexts)
  const fills = useFills(libraryTabs)
  const tab = params.tab ?? ''
  useTitle(t('library'))
  const items = [
    { href: '/library', label: t('releases') },
    { href: '/library/tracks', label: t('tracks') },
    { href: '/library/artists', label: t('artists') },
    ...(me.value ? [{ href: '/library/favourites', label: t('favourites') }] : []),
    ...fills.flatMap((fill) =>
      fill.label ? [{ href: `/library/${nameOf(fill)}`, label: say(fill.label) }] : [],
    ),
  ]
  return (
    <>
      <PageHeader title={t('library')} />
      <TabLinks label={t('library')} items={items} />
      <div class="library">{partOf(tab, fills)}</div>
    </>
  )
}

/** The English label in small letters is a tab's place in the address. */
const nameOf = ({ label }: Fill): string => (label?.en ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-')

function partOf(tab: string, fills: Fill[]) {
  if (tab === '') return <ReleasesTab />
  if (tab === 'tracks') return <TracksTab />
  if (tab === 'favourites') return <TracksTab areFavourites />
  if (tab === 'artists') return <ArtistsTab />
  const fill = fills.find((one) => nameOf(one) === tab)
  return fill ? <Filled key={tab} fill={fill} /> : <NotFound />
}
