import './tips.css'
import { useEffect, useState } from 'preact/hooks'
import type { ChannelView } from '#plugins/live'
import { Button, ButtonLink, Dialog, Later, path, useSession, useTexts } from '#web'
import { tipTexts } from './texts.ts'
import { useTips } from './use-tips.ts'

const loadForm = () => import('./TipForm.tsx')

/** The way to give something, where something can be given. */
export default function TipAction({ channel: { slug, status, streamId } }: { channel: ChannelView }) {
  const t = useTexts(tipTexts)
  const { me } = useSession()
  const { data, reload } = useTips(slug)
  const [isOpen, setOpen] = useState(false)
  // What may be given depends on whether the channel is on air, which it may not have been when the page was opened.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stream, another answer
  useEffect(() => {
    if (isOpen) void reload()
  }, [isOpen, streamId])
  if (!data?.terms.isOpen) return null
  // Off air, what comes next is the page's first thing.
  const look = status === 'live' ? 'main' : 'soft'
  if (!me) {
    return (
      <ButtonLink look={look} icon="gift" href={`/login?next=${encodeURIComponent(path.value)}`}>
        {t('tip')}
      </ButtonLink>
    )
  }
  return (
    <>
      <Button look={look} icon="gift" onClick={() => setOpen(true)}>
        {t('tip')}
      </Button>
      <Dialog title={t('dialog')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Later load={loadForm} props={{ slug, terms: data.terms }} />
      </Dialog>
    </>
  )
}
