import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { asProblem } from '../../sdk/problem-error.ts'
import { useTexts } from '../../sdk/texts.ts'
import { toast } from '../../sdk/toast.ts'
import { Button } from '../../ui/button.tsx'
import { recoveryTexts } from './recovery-texts.ts'

/** Has the link that confirms the address mailed again. */
export function ResendButton({ email }: { email: string }) {
  const t = useTexts(recoveryTexts)
  const [isBusy, setBusy] = useState(false)
  const send = async () => {
    setBusy(true)
    try {
      await call(identity.resendVerification)
      toast(t('sentAgain', { email }))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button isBusy={isBusy} onClick={() => void send()}>
      {t('again')}
    </Button>
  )
}
