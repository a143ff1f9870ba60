import {
  asProblem,
  Button,
  call,
  Dialog,
  formatAgo,
  invalidate,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import { listMyPlaylists, listTrash, restorePlaylist } from '../../contract.ts'
import { listTexts } from '../texts.ts'

/** What was deleted in the last thirty days. */
export function TrashDialog({ onClose }: { onClose(): void }) {
  const t = useTexts(listTexts)
  const query = useQuery(listTrash, {}, { freshMs: 0 })
  const restore = async (id: string) => {
    try {
      const { title } = await call(restorePlaylist, { params: { id } })
      toast(t('restored', { title }))
      invalidate(listMyPlaylists)
      await query.reload()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <Dialog title={t('trash')} isOpen onClose={onClose}>
      <QueryView query={query}>
        {({ items }) => (
          <>
            <p class="muted">{t(items.length === 0 ? 'trashEmpty' : 'trashText')}</p>
            <ul class="list-lines">
              {items.map(({ id, title, trackCount, trashedAt }) => (
                <li key={id}>
                  <span>
                    <b>{title}</b>
                    <span class="muted small">
                      {t('tracks', { count: trackCount })} · {t('deletedAt', { when: formatAgo(trashedAt) })}
                    </span>
                  </span>
                  <Button onClick={() => void restore(id)}>{t('restore')}</Button>
                </li>
              ))}
            </ul>
          </>
        )}
      </QueryView>
    </Dialog>
  )
}
