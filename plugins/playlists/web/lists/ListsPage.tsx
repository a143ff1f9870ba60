import '../lists.css'
import { useState } from 'preact/hooks'
import { Button, Icon, Menu, me, navigate, PageHeader, query, useSite, useTexts, useTitle } from '#web'
import { listTexts } from '../texts.ts'
import { ImportDialog } from './ImportDialog.tsx'
import { MyLists } from './MyLists.tsx'
import { NewListDialog } from './NewListDialog.tsx'
import { FollowedLists, PublicLists } from './OtherLists.tsx'
import { TrashDialog } from './TrashDialog.tsx'

const tabs = ['mine', 'followed', 'public'] as const

/** `/playlists`: one’s own with folders, those one follows, and those of everybody. */
export default function ListsPage() {
  const t = useTexts(listTexts)
  const { title } = useSite()
  const isMember = me.value !== null
  const tab = isMember ? (query.value.get('show') ?? 'mine') : 'public'
  useTitle(t('playlists'))
  return (
    <>
      <PageHeader
        title={t('playlists')}
        lead={isMember ? t('lead') : t('leadGuest', { label: title })}
        actions={isMember && <Making />}
      />
      {isMember && (
        <nav class="tabs" aria-label={t('playlists')}>
          {tabs.map((one) => (
            <a
              key={one}
              class="tab"
              href={one === 'mine' ? '/playlists' : `/playlists?show=${one}`}
              aria-current={one === tab ? 'page' : undefined}
            >
              {t(one === 'public' ? 'everybody' : one)}
            </a>
          ))}
        </nav>
      )}
      {tab === 'mine' ? <MyLists /> : tab === 'followed' ? <FollowedLists /> : <PublicLists />}
    </>
  )
}

/** Making and importing. */
function Making() {
  const t = useTexts(listTexts)
  const [open, setOpen] = useState<'list' | 'smart' | 'import' | 'trash' | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      <Button look="main" icon="plus" onClick={() => setOpen('list')}>
        {t('create')}
      </Button>
      <Menu
        label={t('playlists')}
        groups={[
          {
            items: [
              { label: t('createSmart'), icon: 'radio', onPick: () => setOpen('smart') },
              { label: t('importFile'), icon: 'upload', onPick: () => setOpen('import') },
              { label: t('trash'), icon: 'trash', onPick: () => setOpen('trash') },
            ],
          },
        ]}
      >
        <span class="icon-button">
          <Icon name="more" />
        </span>
      </Menu>
      {(open === 'list' || open === 'smart') && (
        <NewListDialog
          isSmart={open === 'smart'}
          onClose={close}
          onMade={({ href }) => navigate(open === 'smart' ? `${href}?rules=1` : href)}
        />
      )}
      {open === 'import' && <ImportDialog onClose={close} />}
      {open === 'trash' && <TrashDialog onClose={close} />}
    </>
  )
}
