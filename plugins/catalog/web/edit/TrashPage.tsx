import './edit.css'
import {
  asProblem,
  Button,
  call,
  confirmByName,
  EmptyState,
  formatAgo,
  formatBytes,
  formatDate,
  PageHeader,
  QueryView,
  toast,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { listTrash, removeTrash, restoreTrash, type TrashItem } from '../../contract.ts'
import { editTexts } from './texts.ts'

/** `/trash`: what can be brought back, and for how long. */
export default function TrashPage() {
  const t = useTexts(editTexts)
  const query = useQuery(listTrash)
  useTitle(t('trash'))
  const run = async (work: Promise<unknown>, done: string) => {
    try {
      await work
      toast(done)
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    await query.reload()
  }
  const remove = async (item: TrashItem) => {
    const isSure = await confirmByName({
      title: t('removeTitle', { title: item.title }),
      text: t('removeText'),
      action: t('remove'),
      name: item.title,
    })
    if (isSure) await run(call(removeTrash, { params: { id: item.id } }), t('removed', { title: item.title }))
  }
  return (
    <>
      <PageHeader title={t('trash')} lead={t('trashLead')} />
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="trash" title={t('trashEmpty')} text={t('trashEmptyText')} />
          ) : (
            <ul class="trash-list">
              {items.map((item) => (
                <li key={item.id}>
                  <span>
                    <strong>{item.title}</strong>
                    <span class="muted small">
                      {item.kind === 'release'
                        ? t('aRelease')
                        : t('aTrackOf', { title: item.releaseTitle ?? '' })}{' '}
                      · {formatBytes(item.sizeBytes)} · {formatAgo(item.trashedAt)} ·{' '}
                      {t('goneAt', { at: formatDate(item.removedAt, 'date') })}
                    </span>
                  </span>
                  <div class="row">
                    <Button
                      icon="retry"
                      onClick={() =>
                        void run(
                          call(restoreTrash, { params: { id: item.id } }),
                          t('restored', { title: item.title }),
                        )
                      }
                    >
                      {t('restore')}
                    </Button>
                    <Button look="danger" onClick={() => void remove(item)}>
                      {t('remove')}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </>
  )
}
