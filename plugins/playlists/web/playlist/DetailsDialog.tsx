import { asProblem, call, Dialog, Form, invalidate, PictureField, toast, useQuery, useTexts } from '#web'
import {
  listFolders,
  listMyPlaylists,
  type Playlist,
  removePlaylistCover,
  setPlaylistCover,
  updatePlaylist,
} from '../../contract.ts'
import { visibilities } from '../lists/NewListDialog.tsx'
import { pageTexts } from '../page-texts.ts'
import { listTexts } from '../texts.ts'

interface DetailsProps {
  playlist: Playlist
  set(playlist: Playlist): void
  onClose(): void
}

/** Title, words, who sees it, folder and cover. What was changed can be undone from the note. */
export function DetailsDialog({ playlist, set, onClose }: DetailsProps) {
  const t = useTexts(pageTexts)
  const words = useTexts(listTexts)
  const { id, title, description, visibility, folderId, coverUrl } = playlist
  const folders = useQuery(listFolders).data?.items
  const params = { id }
  const keep = async (body: Change) => {
    set(await call(updatePlaylist, { params, body }))
    invalidate(listMyPlaylists)
  }
  const undo = () =>
    void keep({ title, description, visibility, folderId }).catch((error: unknown) =>
      toast(asProblem(error).message, { tone: 'bad' }),
    )
  return (
    <Dialog title={t('details')} isOpen onClose={onClose}>
      <div class="form">
        <PictureField
          label={t('cover')}
          hint={t('coverHint')}
          url={coverUrl}
          shape={1}
          onPick={async (file, area) => {
            set(await call(setPlaylistCover, { params, query: area, body: file }))
            toast(t('coverSaved'))
          }}
          onRemove={async () => {
            set(await call(removePlaylistCover, { params }))
            toast(t('coverGone'))
          }}
        />
        {folders && (
          <Form
            fields={[
              { name: 'title', label: words('title'), maxLength: 120 },
              {
                name: 'description',
                label: words('description'),
                type: 'textarea',
                maxLength: 2000,
                isOptional: true,
              },
              {
                name: 'visibility',
                label: words('visibility'),
                type: 'select',
                options: visibilities(words),
              },
              {
                name: 'folderId',
                label: words('folder'),
                type: 'select',
                isOptional: true,
                options: [
                  { value: '', label: words('noFolder') },
                  ...folders.map((folder) => ({ value: folder.id, label: folder.name })),
                ],
              },
            ]}
            initial={{ title, description, visibility, folderId: folderId ?? '' }}
            submit={words('save')}
            onSubmit={async (values) => {
              await keep({
                title: values.title,
                description: values.description,
                visibility: values.visibility as Playlist['visibility'],
                folderId: values.folderId || null,
              })
              onClose()
              const isRenamed = values.title.trim() !== title
              toast(isRenamed ? t('renamed', { title: values.title.trim() }) : t('saved'), { undo })
            }}
          />
        )}
      </div>
    </Dialog>
  )
}

type Change = Partial<Pick<Playlist, 'title' | 'description' | 'visibility' | 'folderId'>>
