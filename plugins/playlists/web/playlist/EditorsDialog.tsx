import {
  Avatar,
  asProblem,
  Button,
  CopyField,
  call,
  Dialog,
  Form,
  IconButton,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import {
  addEditor,
  closeInvitation,
  type Editors,
  listEditors,
  openInvitation,
  type Playlist,
  removeEditor,
} from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'

interface EditorsProps {
  playlist: Playlist
  reload(): void
  onClose(): void
}

/** Who edits; its owner adds people by name or by link. */
export function EditorsDialog({ playlist, reload, onClose }: EditorsProps) {
  const t = useTexts(pageTexts)
  const { id, can } = playlist
  const query = useQuery(listEditors, { params: { id } }, { freshMs: 0 })
  const doing = async (work: () => Promise<Editors | undefined>) => {
    try {
      const now = await work()
      if (now) query.set(now)
      else await query.reload()
      reload()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const remove = (accountId: string) =>
    doing(async () => {
      await call(removeEditor, { params: { id, accountId } })
      return undefined
    })
  return (
    <Dialog title={t('editors')} isOpen onClose={onClose}>
      <div class="form">
        <p class="muted">{t('editorsText')}</p>
        <QueryView query={query}>
          {(editors) => (
            <>
              <People editors={editors} onRemove={can.manage ? (one) => void remove(one) : null} />
              {can.manage && (
                <>
                  <Form
                    key={editors.items.length}
                    fields={[
                      { name: 'username', label: t('editorName'), maxLength: 31, autocomplete: 'off' },
                    ]}
                    submit={t('editorAdd')}
                    onSubmit={async (body) => {
                      query.set(await call(addEditor, { params: { id }, body }))
                      reload()
                    }}
                  />
                  <Invite
                    href={editors.inviteHref}
                    onOpen={() => void doing(() => call(openInvitation, { params: { id } }))}
                    onEnd={() => void doing(() => call(closeInvitation, { params: { id } }))}
                  />
                </>
              )}
            </>
          )}
        </QueryView>
      </div>
    </Dialog>
  )
}

function People({ editors, onRemove }: { editors: Editors; onRemove: ((id: string) => void) | null }) {
  const t = useTexts(pageTexts)
  const { owner, items } = editors
  return (
    <ul class="list-lines">
      {owner && (
        <li>
          <span class="list-person">
            <Avatar name={owner.displayName} url={owner.avatarUrl} />
            <a href={`/@${owner.username}`}>{owner.displayName}</a>
            <span class="muted small">{t('owner')}</span>
          </span>
        </li>
      )}
      {items.map(({ person }) => (
        <li key={person.id}>
          <span class="list-person">
            <Avatar name={person.displayName} url={person.avatarUrl} />
            <a href={`/@${person.username}`}>{person.displayName}</a>
            <span class="muted small">@{person.username}</span>
          </span>
          {onRemove && (
            <IconButton
              icon="close"
              label={t('editorRemove', { name: person.displayName })}
              onClick={() => onRemove(person.id)}
            />
          )}
        </li>
      ))}
      {items.length === 0 && onRemove && <li class="muted">{t('editorsNone')}</li>}
    </ul>
  )
}

function Invite({ href, onOpen, onEnd }: { href: string | null; onOpen(): void; onEnd(): void }) {
  const t = useTexts(pageTexts)
  if (!href)
    return (
      <div class="row">
        <Button icon="link" onClick={onOpen}>
          {t('inviteMake')}
        </Button>
      </div>
    )
  return (
    <>
      <CopyField label={t('invite')} value={location.origin + href} hint={t('inviteText')} />
      <div class="row">
        <Button onClick={onEnd}>{t('inviteEnd')}</Button>
      </div>
    </>
  )
}
