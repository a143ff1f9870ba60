import { asProblem, Button, CopyField, call, confirm, Dialog, Notice, toast, useSite, useTexts } from '#web'
import { type Playlist, renewPlaylistKey } from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'

interface ShareProps {
  playlist: Playlist
  set(playlist: Playlist): void
  onClose(): void
}

/** The link, the player for other websites, and for unlisted ones another secret. */
export function ShareDialog({ playlist, set, onClose }: ShareProps) {
  const t = useTexts(pageTexts)
  const { plugins } = useSite()
  const { id, title, href, visibility, can } = playlist
  const renew = async () => {
    const asked = { title: t('newLink'), text: t('newLinkText'), action: t('newLink') }
    if (!(await confirm(asked))) return
    try {
      set(await call(renewPlaylistKey, { params: { id } }))
      toast(t('newLinkDone'))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const frame = `<iframe src="${location.origin}/embed/playlist/${id}" width="100%" height="420" style="border:0" loading="lazy" title="${escaped(title)}" allow="autoplay; encrypted-media"></iframe>`
  return (
    <Dialog title={t('shareTitle', { title })} isOpen onClose={onClose}>
      <div class="form">
        {visibility === 'private' && <Notice>{t('makePublic')}</Notice>}
        <CopyField
          label={t('link')}
          value={location.origin + href}
          {...(visibility === 'unlisted' ? { hint: t('linkSecret') } : {})}
        />
        {visibility === 'public' && plugins.includes('player') && (
          <CopyField label={t('embed')} value={frame} />
        )}
        {visibility === 'unlisted' && can.manage && (
          <div class="row">
            <Button onClick={() => void renew()}>{t('newLink')}</Button>
          </div>
        )}
      </div>
    </Dialog>
  )
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
