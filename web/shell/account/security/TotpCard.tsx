import { useState } from 'preact/hooks'
import { identity, type z } from '#contract'
import { call } from '../../../sdk/call.ts'
import { reloadMe } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Form } from '../../../ui/form.tsx'
import { QrCode } from '../../../ui/qr-code.tsx'
import { useAction } from '../action.ts'
import { accountTexts } from '../texts.ts'
import { CodeSheet } from './CodeSheet.tsx'
import { securityTexts } from './texts.ts'

type Enrolment = z.infer<NonNullable<(typeof identity.enrolTotp)['result']>>
interface TotpCardProps {
  isOn: boolean
  onChange(): void
}

/** The authenticator app: set up in two steps, then its recovery codes; switched off by a code. */
export function TotpCard({ isOn, onChange }: TotpCardProps) {
  const t = useTexts(securityTexts)
  const { isBusy, run } = useAction()
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const [isLeaving, setLeaving] = useState(false)
  const settle = () => {
    setEnrolment(null)
    setLeaving(false)
    onChange()
    void reloadMe().catch(() => undefined)
  }
  const part = () => {
    if (codes) return <CodeSheet codes={codes} onDone={() => setCodes(null)} />
    if (enrolment)
      return (
        <Enrol
          enrolment={enrolment}
          onCancel={() => setEnrolment(null)}
          onDone={(made) => {
            setCodes(made)
            settle()
            toast(t('totpOn'))
          }}
        />
      )
    if (isLeaving)
      return (
        <SwitchOff
          onCancel={() => setLeaving(false)}
          onDone={() => {
            settle()
            toast(t('totpIsOff'))
          }}
        />
      )
    if (isOn)
      return (
        <Button look="danger" onClick={() => setLeaving(true)}>
          {t('totpOff')}
        </Button>
      )
    return (
      <Button
        isBusy={isBusy}
        onClick={() => void run(async () => setEnrolment(await call(identity.enrolTotp)))}
      >
        {t('totpStart')}
      </Button>
    )
  }
  return (
    <Card
      title={t('totpTitle')}
      lead={t('totpLead')}
      actions={<Badge tone={isOn ? 'ok' : 'plain'}>{t(isOn ? 'on' : 'off')}</Badge>}
    >
      {part()}
    </Card>
  )
}

interface EnrolProps {
  enrolment: Enrolment
  onDone(codes: string[]): void
  onCancel(): void
}

function Enrol({ enrolment, onDone, onCancel }: EnrolProps) {
  const t = useTexts(securityTexts)
  const words = useTexts(accountTexts)
  return (
    <div class="totp">
      <ol>
        <li>
          <p>
            {t('totpScan')} <a href={enrolment.uri}>{t('totpOpen')}</a>
          </p>
          <QrCode text={enrolment.uri} label={t('totpQr')} />
        </li>
        <li>
          <CopyField label={t('totpSecret')} value={enrolment.secret} />
        </li>
        <li>
          <p>{t('totpCode')}</p>
          <Form
            fields={[
              {
                name: 'code',
                label: t('code'),
                autocomplete: 'one-time-code',
                inputMode: 'numeric',
                maxLength: 10,
                check: (value) => (/^\s*\d{3}\s?\d{3}\s*$/.test(value) ? undefined : t('codeWrong')),
              },
            ]}
            submit={t('totpConfirm')}
            actions={<Button onClick={onCancel}>{words('cancel')}</Button>}
            onSubmit={async (values) => {
              const body = { code: values.code.replaceAll(/\s/g, '') }
              onDone((await withConfirm(() => call(identity.confirmTotp, { body }))).recoveryCodes)
            }}
          />
        </li>
      </ol>
    </div>
  )
}

function SwitchOff({ onDone, onCancel }: { onDone(): void; onCancel(): void }) {
  const t = useTexts(securityTexts)
  const words = useTexts(accountTexts)
  return (
    <div class="form">
      <p>{t('totpOffLead')}</p>
      <Form
        fields={[{ name: 'code', label: t('anyCode'), autocomplete: 'one-time-code', maxLength: 40 }]}
        submit={t('totpOff')}
        isDanger
        actions={<Button onClick={onCancel}>{words('cancel')}</Button>}
        onSubmit={async ({ code }) => {
          await withConfirm(() => call(identity.disableTotp, { body: { code: code.trim() } }))
          onDone()
        }}
      />
    </div>
  )
}
