import { useState } from 'preact/hooks'
import { admin, identity } from '#contract'
import { call, urlOf } from '../../../sdk/call.ts'
import { useSite } from '../../../sdk/site.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Form, type FormField } from '../../../ui/form.tsx'
import { signInTexts } from './texts.ts'

type T = Translate<(typeof signInTexts)['en']>
type Provider = admin.ProviderSettings
type Kind = Provider['kind']
type Name = 'name' | 'title' | 'issuer' | 'clientId' | 'clientSecret'

const KINDS = ['google', 'github', 'oidc'] as const
const steps = {
  google: ['google-1', 'google-2', 'google-3', 'google-4', 'google-5'],
  github: ['github-1', 'github-2', 'github-3', 'github-4'],
  oidc: ['oidc-1', 'oidc-2', 'oidc-3', 'oidc-4'],
} as const

function fieldsOf(t: T, kind: Kind, provider: Provider | null): FormField<Name>[] {
  const name: FormField<Name> = {
    name: 'name',
    label: t('name'),
    hint: t('nameHint'),
    maxLength: 30,
    autocomplete: 'off',
    isDisabled: provider !== null,
    check: (value) => (/^[a-z][a-z0-9-]{0,29}$/.test(value) ? undefined : t('badName')),
  }
  const address: FormField<Name> =
    kind === 'oidc'
      ? { name: 'issuer', label: t('issuer'), hint: t('issuerHint'), maxLength: 500 }
      : {
          name: 'issuer',
          label: t('enterprise'),
          hint: t('enterpriseHint'),
          maxLength: 500,
          isOptional: true,
        }
  return [
    name,
    { name: 'title', label: t('title'), hint: t('titleHint'), maxLength: 60 },
    ...(kind === 'google' ? [] : [address]),
    { name: 'clientId', label: t('clientId'), maxLength: 300, autocomplete: 'off' },
    {
      name: 'clientSecret',
      label: t('clientSecret'),
      hint: t(provider?.hasSecret ? 'secretKept' : 'secretHint'),
      type: 'password',
      autocomplete: 'new-password',
      isOptional: provider?.hasSecret ?? false,
    },
  ]
}

/** A name for a new one: the kind's own, or the first that is free. */
function freeName(kind: Kind, taken: readonly string[]): string {
  if (kind === 'oidc') return ''
  const names = [kind, ...Array.from({ length: 20 }, (_, index) => `${kind}-${index + 2}`)]
  return names.find((name) => !taken.includes(name)) ?? ''
}

interface ProviderDialogProps {
  /** Null for a new one. */
  provider: Provider | null
  taken: readonly string[]
  onSaved(): Promise<void>
  onClose(): void
}

/** Adds or changes a provider: where to get its keys, in steps, and the address to enter there. */
export function ProviderDialog({ provider, taken, onSaved, onClose }: ProviderDialogProps) {
  const t = useTexts(signInTexts)
  const { url } = useSite()
  const [kind, setKind] = useState<Kind>(provider?.kind ?? 'google')
  const [name, setName] = useState(provider?.name ?? freeName(kind, taken))
  const pickKind = (value: string) => {
    const next = KINDS.find((one) => one === value) ?? 'google'
    setKind(next)
    setName(freeName(next, taken))
  }
  const callback = `${url}${urlOf(identity.externalCallback, { params: { provider: name || 'NAME' } })}`
  const save = async (values: Partial<Record<Name, string>>) => {
    const { name = '', title = '', clientId = '', clientSecret, issuer } = values
    const body = {
      kind,
      title,
      clientId,
      ...(clientSecret && { clientSecret }),
      issuer: issuer?.trim() || null,
      isEnabled: provider?.isEnabled ?? true,
    }
    await withConfirm(() => call(admin.setProvider, { params: { name }, body }))
    toast(t('saved', { title }))
    await onSaved()
    onClose()
  }
  return (
    <Dialog title={provider ? t('editTitle', { title: provider.title }) : t('add')} isOpen onClose={onClose}>
      <div class="stack">
        {!provider && (
          <Field
            name="kind"
            type="select"
            label={t('kind')}
            value={kind}
            onValue={pickKind}
            options={KINDS.map((value) => ({ value, label: t(`kind-${value}`) }))}
          />
        )}
        <details class="how-to" open={!provider}>
          <summary>{t('howTo')}</summary>
          <ol>
            {steps[kind].map((step) => (
              <li key={step}>{t(step)}</li>
            ))}
          </ol>
        </details>
        <CopyField label={t('callback')} value={provider?.callbackUrl ?? callback} />
        <Form
          key={kind}
          initial={{
            name,
            title: provider?.title ?? (kind === 'oidc' ? '' : t(`kind-${kind}`)),
            clientId: provider?.clientId ?? '',
            issuer: provider?.issuer ?? '',
          }}
          fields={fieldsOf(t, kind, provider)}
          onChange={(values) => setName(values.name)}
          submit={t(provider ? 'edit' : 'add')}
          onSubmit={save}
        />
      </div>
    </Dialog>
  )
}
