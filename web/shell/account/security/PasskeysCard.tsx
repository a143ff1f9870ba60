import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { reloadMe } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Form } from '../../../ui/form.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { asRefusal, hasPasskeys, isCancelled } from '../../login/passkey.ts'
import { useAction } from '../action.ts'
import { Kept, Use } from '../Kept.tsx'
import { accountTexts } from '../texts.ts'
import { securityTexts } from './texts.ts'

type Passkey = identity.Factors['passkeys'][number]
interface PasskeysCardProps {
  passkeys: Passkey[]
  onChange(): void
}

/** Passkeys of the account: add, list, remove. */
export function PasskeysCard({ passkeys, onChange }: PasskeysCardProps) {
  const t = useTexts(securityTexts)
  const [isOpen, setOpen] = useState(false)
  const settle = () => {
    setOpen(false)
    onChange()
    void reloadMe().catch(() => undefined)
  }
  return (
    <Card title={t('passkeysTitle')} lead={t('passkeysLead')}>
      {passkeys.length === 0 ? (
        !isOpen && <p class="muted small">{t('passkeysNone')}</p>
      ) : (
        <ul class="kept-list">
          {passkeys.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} onChange={settle} />
          ))}
        </ul>
      )}
      {isOpen ? (
        <AddPasskey onDone={settle} onCancel={() => setOpen(false)} />
      ) : (
        <div class="row card-actions">
          {hasPasskeys ? (
            <Button icon="plus" onClick={() => setOpen(true)}>
              {t('passkeyAdd')}
            </Button>
          ) : (
            <p class="muted small">{t('noPasskeysHere')}</p>
          )}
        </div>
      )}
    </Card>
  )
}

function Row({ passkey, onChange }: { passkey: Passkey; onChange(): void }) {
  const t = useTexts(securityTexts)
  const words = useTexts(accountTexts)
  const { isBusy, run } = useAction()
  const { id, name } = passkey
  const remove = async () => {
    const question = {
      title: t('passkeyRemove', { name }),
      text: t('passkeyRemoveText'),
      action: words('remove'),
    }
    if (!(await confirm(question))) return
    if (!(await run(() => call(identity.removePasskey, { params: { id } })))) return
    toast(t('removed', { name }))
    onChange()
  }
  return (
    <Kept icon={<Icon name="key" />} title={name} note={<Use {...passkey} />}>
      <Button
        look="danger"
        isBusy={isBusy}
        aria-label={`${words('remove')}: ${name}`}
        onClick={() => void remove()}
      >
        {words('remove')}
      </Button>
    </Kept>
  )
}

/** Asks the browser for a new passkey and keeps it. */
async function create(name: string): Promise<void> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const { ticket, options } = await withConfirm(() => call(identity.passkeyCreation))
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const response = await startRegistration({ optionsJSON }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'InvalidStateError') throw error
    return asRefusal(error)
  })
  await call(identity.addPasskey, { body: { ticket, response: { ...response }, name } })
}

function AddPasskey({ onDone, onCancel }: { onDone(): void; onCancel(): void }) {
  const t = useTexts(securityTexts)
  const words = useTexts(accountTexts)
  return (
    <Form
      fields={[
        {
          name: 'name',
          label: t('passkeyName'),
          hint: t('passkeyNameHint'),
          maxLength: 60,
          autocomplete: 'off',
        },
      ]}
      submit={t('passkeyAdd')}
      actions={<Button onClick={onCancel}>{words('cancel')}</Button>}
      onSubmit={async (values) => {
        const name = values.name.trim()
        try {
          await create(name)
        } catch (error) {
          if (isCancelled(error)) return
          if (!(error instanceof Error && error.name === 'InvalidStateError')) throw error
          toast(t('passkeyKnown'))
          return
        }
        toast(t('passkeyAdded', { name }))
        onDone()
      }}
    />
  )
}
