import { useState } from 'preact/hooks'
import {
  asProblem,
  Button,
  ButtonLink,
  call,
  EmptyState,
  invalidate,
  me,
  navigate,
  toast,
  useTexts,
} from '#web'
import { acceptInvitation, getPlaylist, listMyPlaylists } from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'

/** The page behind an invitation link: one press to become an editor. */
export function Invitation({
  id,
  invitation,
  onJoined,
}: {
  id: string
  invitation: string
  onJoined(): void
}) {
  const t = useTexts(pageTexts)
  const [isBusy, setBusy] = useState(false)
  const join = async () => {
    setBusy(true)
    try {
      await call(acceptInvitation, { params: { id }, body: { invitation } })
      const { title } = await call(getPlaylist, { params: { id } })
      toast(t('joined', { title }))
      invalidate(listMyPlaylists)
      navigate(`/playlists/${id}`, { replace: true })
      onJoined()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
      setBusy(false)
    }
  }
  const next = `/login?next=${encodeURIComponent(`/playlists/${id}?invitation=${invitation}`)}`
  return (
    <EmptyState
      icon="users"
      title={t('inviteAsk')}
      action={
        me.value ? (
          <Button look="main" isBusy={isBusy} onClick={() => void join()}>
            {t('inviteJoin')}
          </Button>
        ) : (
          <ButtonLink look="main" href={next}>
            {t('signIn')}
          </ButtonLink>
        )
      }
    />
  )
}
