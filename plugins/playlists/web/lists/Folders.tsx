import { useState } from 'preact/hooks'
import {
  asProblem,
  Button,
  call,
  confirm,
  Dialog,
  Form,
  Icon,
  IconButton,
  type Query,
  toast,
  useTexts,
} from '#web'
import { createFolder, type Folder, removeFolder, updateFolder } from '../../contract.ts'
import { listTexts } from '../texts.ts'

interface FoldersProps {
  folders: Query<{ items: Folder[] }>
  current: Folder | null
  onPick(folder: Folder | null): void
}

/** One’s folders as a row of choices. */
export function Folders({ folders, current, onPick }: FoldersProps) {
  const t = useTexts(listTexts)
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null)
  const items = folders.data?.items ?? []
  const remove = async (folder: Folder) => {
    const asked = { title: `${t('removeFolder')}: ${folder.name}`, text: t('removeFolderText') }
    if (!(await confirm({ ...asked, action: t('removeFolder') }))) return
    try {
      await call(removeFolder, { params: { id: folder.id } })
      onPick(null)
      await folders.reload()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <nav class="list-folders" aria-label={t('folders')}>
      <button type="button" class="list-folder" aria-pressed={current === null} onClick={() => onPick(null)}>
        {t('allFolders')}
      </button>
      {items.map((folder) => (
        <button
          key={folder.id}
          type="button"
          class="list-folder"
          aria-pressed={current?.id === folder.id}
          onClick={() => onPick(folder)}
        >
          <Icon name="folder" size={16} /> {folder.name}{' '}
          <span class="muted figures">{folder.playlistCount}</span>
        </button>
      ))}
      {current && (
        <>
          <IconButton icon="edit" label={t('renameFolder')} onClick={() => setNaming('rename')} />
          <IconButton icon="trash" label={t('removeFolder')} onClick={() => void remove(current)} />
        </>
      )}
      <Button look="plain" icon="plus" onClick={() => setNaming('new')}>
        {t('newFolder')}
      </Button>
      {naming && (
        <NameDialog
          folder={naming === 'rename' ? current : null}
          onClose={() => setNaming(null)}
          onNamed={async (folder) => {
            setNaming(null)
            onPick(folder)
            await folders.reload()
          }}
        />
      )}
    </nav>
  )
}

function NameDialog({
  folder,
  onClose,
  onNamed,
}: {
  folder: Folder | null
  onClose(): void
  onNamed(folder: Folder): Promise<void>
}) {
  const t = useTexts(listTexts)
  return (
    <Dialog title={t(folder ? 'renameFolder' : 'newFolder')} isOpen onClose={onClose}>
      <Form
        fields={[{ name: 'name', label: t('folderName'), maxLength: 60 }]}
        initial={{ name: folder?.name ?? '' }}
        submit={t('save')}
        onSubmit={async (body) =>
          onNamed(
            folder
              ? await call(updateFolder, { params: { id: folder.id }, body })
              : await call(createFolder, { body }),
          )
        }
      />
    </Dialog>
  )
}
