import './tips.css'
import { useState } from 'preact/hooks'
import type { ChannelView } from '#plugins/live'
import { Button, ButtonLink, Dialog, path, useSession, useTexts } from '#web'
import { TipForm } from './TipForm.tsx'
import { tipTexts } from './texts.ts'
import { useTips } from './use-tips.ts'

/** The way to give something, where something can be given. */
export default function TipAction({ channel: { slug } }: { channel: ChannelView }) {
  const t = useTexts(tipTexts)
  const { me } = useSession()
  const { data } = useTips(slug)
  const [isOpen, setOpen] = useState(false)
  if (!data?.terms.isOpen) return null
  if (!me) {
    return (
      <ButtonLink look="main" icon="gift" href={`/login?next=${encodeURIComponent(path.value)}`}>
        {t('tip')}
      </ButtonLink>
    )
  }
  return (
    <>
      <Button look="main" icon="gift" onClick={() => setOpen(true)}>
        {t('tip')}
      </Button>
      <Dialog title={t('dialog')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <TipForm slug={slug} terms={data.terms} />
      </Dialog>
    </>
  )
}
