import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { act } from '../act.ts'
import { auditTexts } from './texts.ts'

/** Looks whether the log is as it was written, and says so in words; other ways to use it stand beside. */
export function Proof({ children }: { children: ComponentChildren }) {
  const t = useTexts(auditTexts)
  const [proof, setProof] = useState<admin.AuditProof | null>(null)
  const [isBusy, setBusy] = useState(false)
  const prove = async () => {
    setBusy(true)
    await act(async () => setProof(await call(admin.verifyAudit)))
    setBusy(false)
  }
  return (
    <div class="proof">
      <Button icon="check" isBusy={isBusy} onClick={prove}>
        {t('prove')}
      </Button>
      {children}
      <div role="status">
        {proof?.isWhole === true && <Notice tone="ok">{t('whole', { count: proof.entries })}</Notice>}
        {proof?.isWhole === false && (
          <Notice tone="bad">
            <p>
              <b>{t('broken', { finding: proof.finding ?? '' })}</b>
            </p>
            <p>{t('brokenHint')}</p>
          </Notice>
        )}
      </div>
    </div>
  )
}
