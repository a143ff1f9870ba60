import './listen.css'
import { useState } from 'preact/hooks'
import { Dialog, IconButton, Later, useTexts } from '#web'
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
      <IconButton icon="radio" label={t('listen')} onClick={() => setOpen(true)} />
      <Dialog title={t('title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Later load={loadAddresses} props={{ listen }} />
      </Dialog>
    </>
  )
}
