import { useState } from 'preact/hooks'
import { asProblem } from '../../sdk/problem-error.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { isCancelled } from './passkey.ts'
import { loginTexts } from './texts.ts'

/** The main button of a step that a passkey finishes; says what went wrong above itself. */
export function PasskeyButton({ label, work }: { label: string; work(): Promise<void> }) {
  const t = useTexts(loginTexts)
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const press = async () => {
    setBusy(true)
    setFault(null)
    try {
      await work()
    } catch (error) {
      setFault(isCancelled(error) ? t('cancelled') : asProblem(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="form">
      <div role="alert">{fault && <Notice tone="bad">{fault}</Notice>}</div>
      <Button look="main" icon="key" isBusy={isBusy} onClick={() => void press()}>
        {label}
      </Button>
    </div>
  )
}
