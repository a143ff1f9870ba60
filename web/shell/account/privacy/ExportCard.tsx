import { useEffect, useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { formatBytes, formatDate } from '../../../sdk/format.ts'
import { useQuery } from '../../../sdk/query.ts'
import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAction } from '../action.ts'
import { Kept } from '../Kept.tsx'
import { privacyTexts } from './texts.ts'

/** Archives of everything about the account: asked for, watched while they are made, downloaded. */
export function ExportCard() {
  const t = useTexts(privacyTexts)
  const [isWaiting, setWaiting] = useState(false)
  const { isBusy, run } = useAction()
  const query = useQuery(identity.listExports, {}, { freshMs: 0, ...(isWaiting && { everyMs: 2000 }) })
  const isMaking = query.data?.items.some(({ state }) => state === 'waiting') ?? false
  useEffect(() => setWaiting(isMaking), [isMaking])
  const start = () =>
    run(async () => {
      await call(identity.exportData)
      await query.reload()
    })
  return (
    <Card title={t('exportTitle')} lead={t('exportLead')}>
      <QueryView query={query}>
        {({ items }) => (
          <>
            {items.length > 0 && (
              <ul class="kept-list">
                {items.map((item) => (
                  <Row key={item.id} item={item} />
                ))}
              </ul>
            )}
            <div class="form">
              <div role="status">{isMaking && <Notice>{t('exportWaits')}</Notice>}</div>
              <div class="row">
                <Button isBusy={isBusy} disabled={isMaking} onClick={() => void start()}>
                  {t('exportStart')}
                </Button>
              </div>
            </div>
          </>
        )}
      </QueryView>
    </Card>
  )
}

function Row({ item }: { item: identity.DataExport }) {
  const t = useTexts(privacyTexts)
  const { state, createdAt, sizeBytes, url } = item
  const title = t('exportOf', { date: formatDate(createdAt) })
  const size = sizeBytes === null ? '' : ` · ${formatBytes(sizeBytes)}`
  return (
    <Kept
      title={title}
      note={
        <>
          {t(`export-${state}`)}
          {size}
          {state === 'waiting' && <progress class="export-progress" aria-label={title} />}
        </>
      }
    >
      {state === 'ready' && url && (
        <ButtonLink
          href={url}
          icon="download"
          download={`${me.value?.username ?? ''}-data.zip`}
          aria-label={`${t('download')}: ${title}`}
        >
          {t('download')}
        </ButtonLink>
      )}
    </Kept>
  )
}
