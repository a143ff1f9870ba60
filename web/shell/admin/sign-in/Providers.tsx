import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { useQuery } from '../../../sdk/query.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { act } from '../act.ts'
import { ProviderDialog } from './ProviderDialog.tsx'
import { signInTexts } from './texts.ts'

type Provider = admin.ProviderSettings

interface RowProps {
  provider: Provider
  onEdit(): void
  onChange(): Promise<void>
}

function Row({ provider, onEdit, onChange }: RowProps) {
  const t = useTexts(signInTexts)
  const { name, title, kind, clientId, issuer, isEnabled } = provider
  const flip = async (isOn: boolean) => {
    const body = { kind, title, clientId, issuer, isEnabled: isOn }
    const words = t(isOn ? 'switchedOn' : 'switchedOff', { title })
    await act(() => call(admin.setProvider, { params: { name }, body }), words)
    await onChange()
  }
  const remove = async () => {
    const question = { title: t('removeTitle', { title }), text: t('removeText'), action: t('remove') }
    if (!(await confirm(question))) return
    await act(() => call(admin.removeProvider, { params: { name } }), t('removed', { title }))
    await onChange()
  }
  return (
    <li class="provider">
      <div class="provider-name">
        <p class="row">
          <b>{title}</b>
          <Badge tone={isEnabled ? 'ok' : 'plain'}>{t(isEnabled ? 'isOn' : 'isOff')}</Badge>
        </p>
        <p class="muted small">{issuer ?? t(`kind-${kind}`)}</p>
      </div>
      <div class="row">
        <Switch label={t('onOff', { title })} isOn={isEnabled} onSwitch={flip} />
        <Button onClick={onEdit}>{t('edit')}</Button>
        <Button look="danger" onClick={remove}>
          {t('remove')}
        </Button>
      </div>
    </li>
  )
}

/** The other accounts that members may sign in with. */
export function Providers() {
  const t = useTexts(signInTexts)
  const query = useQuery(admin.listProviderSettings)
  const [edited, setEdited] = useState<Provider | 'new' | null>(null)
  const add = (
    <Button icon="plus" onClick={() => setEdited('new')}>
      {t('add')}
    </Button>
  )
  return (
    <Card title={t('providers')} lead={t('providersLead')} actions={add}>
      <QueryView query={query}>
        {({ items }) => (
          <>
            {items.length === 0 && <p>{t('empty')}</p>}
            <ul class="providers">
              {items.map((provider) => (
                <Row
                  key={provider.name}
                  provider={provider}
                  onEdit={() => setEdited(provider)}
                  onChange={query.reload}
                />
              ))}
            </ul>
            {edited && (
              <ProviderDialog
                provider={edited === 'new' ? null : edited}
                taken={items.map(({ name }) => name)}
                onSaved={query.reload}
                onClose={() => setEdited(null)}
              />
            )}
          </>
        )}
      </QueryView>
    </Card>
  )
}
