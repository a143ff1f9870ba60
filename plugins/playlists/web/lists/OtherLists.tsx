import { EmptyState, MoreButton, QueryView, Skeleton, usePages, useTexts } from '#web'
import { listFollowedPlaylists, listPublicPlaylists } from '../../contract.ts'
import { listTexts } from '../texts.ts'
import { ListGrid } from './ListGrid.tsx'

export function FollowedLists() {
  const t = useTexts(listTexts)
  const pages = usePages(listFollowedPlaylists, { query: { limit: 60 } })
  return (
    <QueryView query={pages.query} skeleton={<Skeleton shape="block" count={6} />}>
      {() =>
        pages.items.length === 0 ? (
          <EmptyState icon="heart" title={t('emptyFollowed')} text={t('emptyFollowedText')} />
        ) : (
          <>
            <ListGrid lists={pages.items} />
            <MoreButton pages={pages} />
          </>
        )
      }
    </QueryView>
  )
}

export function PublicLists() {
  const t = useTexts(listTexts)
  const pages = usePages(listPublicPlaylists, { query: { limit: 60 } })
  return (
    <QueryView query={pages.query} skeleton={<Skeleton shape="block" count={6} />}>
      {() =>
        pages.items.length === 0 ? (
          <EmptyState icon="list" title={t('emptyPublic')} text={t('emptyPublicText')} />
        ) : (
          <>
            <ListGrid lists={pages.items} />
            <MoreButton pages={pages} />
          </>
        )
      }
    </QueryView>
  )
}
