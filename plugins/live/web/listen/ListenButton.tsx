import './listen.css'
import { useState } from 'preact/hooks'
import { Button, CopyField, Dialog, useTexts } from '#web'
import type { ChannelView } from '../../contract.ts'
import { listenTexts } from './texts.ts'

const formats = ['mp3', 'aac', 'opus'] as const

/** Under the player of what is on air with sound: its address for radio players. */
export default function ListenButton({ channel }: { channel: ChannelView }) {
  const t = useTexts(listenTexts)
  const [isOpen, setOpen] = useState(false)
  const listen = channel.playback?.listen
  if (!listen) return null
  const { href } = new URL(listen, location.href)
  return (
    <>
      <Button look="plain" icon="radio" onClick={() => setOpen(true)}>
        <span class="listen-word">{t('listen')}</span>
      </Button>
      <Dialog title={t('title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div class="stack">
          <p class="muted">{t('lead')}</p>
          {formats.map((format) => (
            <CopyField key={format} label={t(format)} value={`${href}.${format}`} hint={t(`${format}Hint`)} />
          ))}
          <p class="small listen-files">
            {t('files')} <a href={`${listen}.m3u`}>M3U</a> <a href={`${listen}.pls`}>PLS</a>
          </p>
        </div>
      </Dialog>
    </>
  )
}
