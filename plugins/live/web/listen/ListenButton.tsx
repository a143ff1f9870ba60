import './listen.css'
import { useState } from 'preact/hooks'
import { Button, Dialog, Later, useTexts } from '#web'
import type { ChannelView } from '../../contract.ts'
import { listenTexts } from './texts.ts'

const loadAddresses = () => import('./ListenAddresses.tsx')

/** Under the player of what is on air with sound: its address for radio players. */
export default function ListenButton({ channel }: { channel: ChannelView }) {
  const t = useTexts(listenTexts)
  const [isOpen, setOpen] = useState(false)
  const listen = channel.playback?.listen
  if (!listen) return null
  return (
    <>
      <Button look="plain" icon="radio" onClick={() => setOpen(true)}>
        {t('listen')}
      </Button>
      <Dialog title={t('title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Later load={loadAddresses} props={{ listen }} />
      </Dialog>
    </>
  )
}
