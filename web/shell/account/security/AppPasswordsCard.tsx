import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { useQuery } from '../../../sdk/query.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Form } from '../../../ui/form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAction } from '../action.ts'
import { Kept, Use } from '../Kept.tsx'
import { accountTexts } from '../texts.ts'
import { securityTexts } from './texts.ts'

const scopes: readonly identity.AppPasswordScope[] = ['subsonic', 'webdav', 'api-read']

/** Passwords for other programs: made with a name and what they open, shown once, removed at once. */
export function AppPasswordsCard() {
  const t = useTexts(securityTexts)
  const query = useQuery(identity.listAppPasswords)
  const [isOpen, setOpen] = useState(false)
  const [made, setMade] = useState<{ name: string; password: string } | null>(null)
  const part = () => {
    if (made)
      return (
        <div class="form">
          <CopyField
            label={t('appShown', { name: made.name })}
            value={made.password}
            hint={t('appShownHint')}
          />
          <div class="row">
            <Button look="main" onClick={() => setMade(null)}>
              {t('done')}
            </Button>
          </div>
        </div>
      )
    if (isOpen)
      return (
        <NewPassword
          onCancel={() => setOpen(false)}
          onDone={(next) => {
            setOpen(false)
            setMade(next)
            void query.reload()
          }}
        />
      )
    return (
      <div class="row card-actions">
        <Button icon="plus" onClick={() => setOpen(true)}>
          {t('appAdd')}
        </Button>
      </div>
    )
  }
  return (
    <Card title={t('appTitle')} lead={t('appLead')}>
      <QueryView query={query}>
        {({ items }) => (
          <>
            {items.length === 0 ? !isOpen && !made && <p class="muted small">{t('appNone')}</p> : null}
            {items.length > 0 && (
              <ul class="kept-list">
                {items.map((item) => (
                  <Row key={item.id} item={item} onChange={() => void query.reload()} />
                ))}
              </ul>
            )}
            {part()}
          </>
        )}
      </QueryView>
    </Card>
  )
}

function Row({ item, onChange }: { item: identity.AppPassword; onChange(): void }) {
  const t = useTexts(securityTexts)
  const words = useTexts(accountTexts)
  const { isBusy, run } = useAction()
  const { id, name } = item
  const remove = async () => {
    const question = { title: t('appRemove', { name }), text: t('appRemoveText'), action: words('remove') }
    if (!(await confirm(question))) return
    if (!(await run(() => call(identity.removeAppPassword, { params: { id } })))) return
    toast(t('removed', { name }))
    onChange()
  }
  const title = (
    <>
      {name}
      {item.scopes.map((scope) => (
        <Badge key={scope}>{t(`scope-${scope}`)}</Badge>
      ))}
    </>
  )
  return (
    <Kept title={title} note={<Use {...item} />}>
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

interface NewPasswordProps {
  onDone(made: { name: string; password: string }): void
  onCancel(): void
}

function NewPassword({ onDone, onCancel }: NewPasswordProps) {
  const t = useTexts(securityTexts)
  const words = useTexts(accountTexts)
  const [chosen, setChosen] = useState<identity.AppPasswordScope[]>(['subsonic'])
  const [isMissing, setMissing] = useState(false)
  return (
    <Form
      fields={[{ name: 'name', label: t('appName'), maxLength: 60, autocomplete: 'off' }]}
      submit={t('appCreate')}
      actions={<Button onClick={onCancel}>{words('cancel')}</Button>}
      onSubmit={async (values) => {
        setMissing(chosen.length === 0)
        if (chosen.length === 0) return
        const body = { name: values.name.trim(), scopes: chosen }
        onDone(await withConfirm(() => call(identity.createAppPassword, { body })))
      }}
    >
      <fieldset class="choices">
        <legend>{t('appScopes')}</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            isOn={chosen.includes(scope)}
            isInvalid={isMissing}
            hint={t(`scope-${scope}-hint`)}
            onCheck={(isOn) => {
              setMissing(false)
              setChosen(scopes.filter((one) => (one === scope ? isOn : chosen.includes(one))))
            }}
          >
            {t(`scope-${scope}`)}
          </Checkbox>
        ))}
      </fieldset>
      <div role="alert">{isMissing && <Notice tone="bad">{t('noScope')}</Notice>}</div>
    </Form>
  )
}
