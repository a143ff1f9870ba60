import { call, Dialog, Form, invalidate, useTexts } from '#web'
import { createPlaylist, listMyPlaylists, type Playlist } from '../../contract.ts'
import { listTexts } from '../texts.ts'

interface NewListProps {
  isSmart?: boolean
  /** Tracks it begins with. */
  trackIds?: string[]
  onClose(): void
  onMade(made: Playlist): void
}

/** Begins a playlist; everything but its title can wait. */
export function NewListDialog({ isSmart, trackIds = [], onClose, onMade }: NewListProps) {
  const t = useTexts(listTexts)
  const rules = isSmart
    ? {
        match: 'all' as const,
        rules: [{ field: 'addedAt' as const, is: 'within-days' as const, value: 30 }],
        sort: 'newest' as const,
        limit: { by: 'tracks' as const, count: 100 },
      }
    : null
  return (
    <Dialog title={t(isSmart ? 'createSmart' : 'create')} isOpen onClose={onClose}>
      <Form
        fields={[
          { name: 'title', label: t('title'), maxLength: 120 },
          { name: 'visibility', label: t('visibility'), type: 'select', options: visibilities(t) },
        ]}
        initial={{ visibility: 'private' }}
        submit={t('make')}
        onSubmit={async ({ title, visibility }) => {
          const words = { title, description: '', visibility: visibility as Playlist['visibility'] }
          const body = { ...words, folderId: null, rules, trackIds }
          const made = await call(createPlaylist, { body })
          invalidate(listMyPlaylists)
          onClose()
          onMade(made)
        }}
      />
    </Dialog>
  )
}

export const visibilities = (
  t: (key: 'visibilityPublic' | 'visibilityUnlisted' | 'visibilityPrivate') => string,
) => [
  { value: 'private', label: t('visibilityPrivate') },
  { value: 'unlisted', label: t('visibilityUnlisted') },
  { value: 'public', label: t('visibilityPublic') },
]
