import { useEffect, useState } from 'preact/hooks'
import {
  asProblem,
  call,
  confirm,
  forgetQueries,
  Icon,
  invalidate,
  Menu,
  type MenuItem,
  me,
  navigate,
  query,
  toast,
  urlOf,
  useTexts,
} from '#web'
import {
  duplicatePlaylist,
  exportPlaylist,
  fileFormats,
  listMyPlaylists,
  type Playlist,
  removeEditor,
  restorePlaylist,
  trashPlaylist,
} from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'
import { RulesDialog } from '../rules/RulesDialog.tsx'
import { listTexts } from '../texts.ts'
import { DetailsDialog } from './DetailsDialog.tsx'
import { EditorsDialog } from './EditorsDialog.tsx'

interface HeaderMenuProps {
  playlist: Playlist
  listKey: string | undefined
  set(playlist: Playlist): void
  reload(): void
}
type Part = 'details' | 'editors' | 'rules'

export function HeaderMenu({ playlist, listKey, set, reload }: HeaderMenuProps) {
  const t = useTexts(pageTexts)
  const [open, setOpen] = useState<Part | null>(null)
  const close = () => setOpen(null)
  // A new smart playlist begins with its rules.
  useEffect(() => {
    if (query.peek().has('rules') && playlist.rules) setOpen('rules')
  }, [playlist.rules])
  const deeds = useDeeds(playlist, listKey)
  const { can, kind, role } = playlist
  const canEditTracks = role === 'owner' || role === 'editor'
  const own: MenuItem[] = [
    ...(can.manage ? [{ label: t('details'), icon: 'edit' as const, onPick: () => setOpen('details') }] : []),
    ...(can.manage && kind === 'smart'
      ? [{ label: t('rules'), icon: 'admin' as const, onPick: () => setOpen('rules') }]
      : []),
    ...(canEditTracks && kind === 'list'
      ? [{ label: t('editors'), icon: 'users' as const, onPick: () => setOpen('editors') }]
      : []),
  ]
  const copies: MenuItem[] = [
    ...(me.value
      ? [
          {
            label: t(kind === 'smart' ? 'freeze' : 'duplicate'),
            icon: 'copy' as const,
            onPick: () => void deeds.duplicate(),
          },
        ]
      : []),
  ]
  const ends: MenuItem[] = [
    ...(role === 'editor'
      ? [{ label: t('leave'), icon: 'sign-out' as const, onPick: () => void deeds.leave() }]
      : []),
    ...(can.remove
      ? [
          {
            label: t(can.manage ? 'remove' : 'removeOther'),
            icon: 'trash' as const,
            isDanger: true,
            onPick: () => void deeds.remove(),
          },
        ]
      : []),
  ]
  const files = fileFormats.map((format) => ({
    label: format.toUpperCase(),
    icon: 'download' as const,
    onPick: () => deeds.download(format),
  }))
  const groups = [{ items: own }, { items: copies }, { title: t('export'), items: files }, { items: ends }]
  return (
    <>
      <Menu
        label={t('menu', { title: playlist.title })}
        groups={groups.filter(({ items }) => items.length > 0)}
      >
        <span class="icon-button">
          <Icon name="more" />
        </span>
      </Menu>
      {open === 'details' && <DetailsDialog playlist={playlist} set={set} onClose={close} />}
      {open === 'rules' && playlist.rules && (
        <RulesDialog playlist={playlist} rules={playlist.rules} set={set} onClose={close} />
      )}
      {open === 'editors' && <EditorsDialog playlist={playlist} reload={reload} onClose={close} />}
    </>
  )
}

function useDeeds(playlist: Playlist, listKey: string | undefined) {
  const t = useTexts(pageTexts)
  const words = useTexts(listTexts)
  const { id, title, can } = playlist
  const trying = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return {
    download(format: string) {
      const link = document.createElement('a')
      link.href = `${urlOf(exportPlaylist, { params: { id } })}?${new URLSearchParams({ format, ...(listKey ? { key: listKey } : {}) })}`
      link.download = ''
      link.click()
    },
    duplicate: () =>
      trying(async () => {
        const copy = await call(duplicatePlaylist, { params: { id }, query: { key: listKey }, body: {} })
        invalidate(listMyPlaylists)
        toast(t('duplicated', { title }))
        navigate(copy.href)
      }),
    leave: () =>
      trying(async () => {
        const asked = { title: t('leave'), text: t('leaveText'), action: t('leave') }
        if (!me.value || !(await confirm(asked))) return
        await call(removeEditor, { params: { id, accountId: me.value.id } })
        toast(t('left', { title }))
        navigate('/playlists')
        forgetQueries()
      }),
    remove: () =>
      trying(async () => {
        const asked = {
          title: `${t('removeOther')}: ${title}`,
          text: t('removeOtherText'),
          action: t('removeOther'),
        }
        if (!can.manage && !(await confirm(asked))) return
        await call(trashPlaylist, { params: { id } })
        navigate('/playlists')
        forgetQueries()
        const back = async () => {
          const { href } = await call(restorePlaylist, { params: { id } })
          toast(words('restored', { title }))
          forgetQueries()
          navigate(href)
        }
        toast(t('removed', { title }), can.manage ? { undo: () => void trying(back), forMs: 30_000 } : {})
      }),
  }
}
