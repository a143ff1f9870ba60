import { useState } from 'preact/hooks'
import { Button, useTexts } from '#web'
import { endAfterAsking } from './end-stream.ts'
import { goLiveTexts } from './texts.ts'

/** The way off the air. */
export function EndButton({ slug }: { slug: string }) {
  const t = useTexts(goLiveTexts)
  const [isBusy, setBusy] = useState(false)
  const end = async () => {
    setBusy(true)
    await endAfterAsking(t, slug)
    setBusy(false)
  }
  return (
    <Button look="danger" isBusy={isBusy} onClick={() => void end()}>
      {t('end')}
    </Button>
  )
}
