import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { useQuery } from '../../../sdk/query.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useProviders } from '../../login/Providers.tsx'
import { useAction } from '../action.ts'
import { Kept, Use } from '../Kept.tsx'
import { securityTexts } from './texts.ts'

/** Other accounts that sign in here; not shown where the label knows none. */
export function LinkedCard() {
  const t = useTexts(securityTexts)
  const query = useQuery(identity.listIdentities)
  const providers = useProviders()
  if (providers.length === 0 && !query.data?.items.length) return null
  return (
    <Card title={t('linkedTitle')} lead={t('linkedLead')}>
      <QueryView query={query}>
        {({ items }) => (
          <>
            {items.length === 0 && <p class="muted small">{t('linkedNone')}</p>}
            {items.length > 0 && (
              <ul class="kept-list">
                {items.map((item) => (
                  <Row key={item.id} item={item} onChange={() => void query.reload()} />
                ))}
              </ul>
            )}
            <div class="row card-actions">
              {providers
                .filter(({ name }) => !items.some(({ provider }) => provider === name))
                .map((provider) => (
                  <LinkButton key={provider.name} provider={provider} />
                ))}
            </div>
          </>
        )}
      </QueryView>
    </Card>
  )
}

function LinkButton({ provider }: { provider: identity.Provider }) {
  const t = useTexts(securityTexts)
  const { isBusy, run } = useAction()
  const link = async () => {
    const body = { intent: 'link' as const, next: '/account/security' }
    const { url } = await call(identity.startExternal, { params: { provider: provider.name }, body })
    location.assign(url)
  }
  return (
    <Button icon="plus" isBusy={isBusy} onClick={() => void run(link)}>
      {t('link', { name: provider.title })}
    </Button>
  )
}

function Row({ item, onChange }: { item: identity.LinkedIdentity; onChange(): void }) {
  const t = useTexts(securityTexts)
  const { isBusy, run } = useAction()
  const { id, title: name, email } = item
  const unlink = async () => {
    const question = { title: t('unlinkTitle', { name }), text: t('unlinkText'), action: t('unlink') }
    if (!(await confirm(question))) return
    if (!(await run(() => call(identity.unlinkIdentity, { params: { id } })))) return
    toast(t('unlinked', { name }))
    onChange()
  }
  return (
    <Kept icon={<Icon name="globe" />} title={email ? `${name} · ${email}` : name} note={<Use {...item} />}>
      <Button
        look="danger"
        isBusy={isBusy}
        aria-label={`${t('unlink')}: ${name}`}
        onClick={() => void unlink()}
      >
        {t('unlink')}
      </Button>
    </Kept>
  )
}
