import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useAction } from '../action.ts'
import { CodeSheet } from './CodeSheet.tsx'
import { securityTexts } from './texts.ts'

interface RecoveryCardProps {
  factors: identity.Factors
  onChange(): void
}

/** How many recovery codes are left, and new ones. */
export function RecoveryCard({ factors, onChange }: RecoveryCardProps) {
  const t = useTexts(securityTexts)
  const { isBusy, run } = useAction()
  const [codes, setCodes] = useState<string[] | null>(null)
  const { hasTotp, passkeys, recoveryCodesLeft } = factors
  if (!hasTotp && passkeys.length === 0) return null
  const make = async () => {
    const question = { title: t('newCodesTitle'), text: t('newCodesText'), action: t('newCodes') }
    if (recoveryCodesLeft > 0 && !(await confirm(question))) return
    await run(async () => setCodes((await call(identity.newRecoveryCodes)).recoveryCodes))
    onChange()
  }
  return (
    <Card
      title={t('recoveryTitle')}
      lead={t('recoveryLead')}
      actions={
        recoveryCodesLeft > 0 && (
          <Badge tone={recoveryCodesLeft < 4 ? 'warn' : 'ok'}>
            {t('codesLeft', { count: recoveryCodesLeft })}
          </Badge>
        )
      }
    >
      {codes ? (
        <CodeSheet codes={codes} onDone={() => setCodes(null)} />
      ) : (
        <div class="form">
          {recoveryCodesLeft === 0 && <Notice tone="warn">{t('noCodes')}</Notice>}
          <div class="row">
            <Button isBusy={isBusy} onClick={() => void make()}>
              {t('newCodes')}
            </Button>
          </div>
        </div>
      )}
    </Card>
  )
}
