import { CopyField, useTexts } from '#web'
import { addressTexts } from './address-texts.ts'

const formats = ['mp3', 'aac', 'opus'] as const

/** The addresses of a channel's sound for radio players. */
export default function ListenAddresses({ listen }: { listen: string }) {
  const t = useTexts(addressTexts)
  const { href } = new URL(listen, location.href)
  return (
    <div class="stack listen-addresses">
      <p class="muted">{t('lead')}</p>
      {formats.map((format) => (
        <CopyField key={format} label={t(format)} value={`${href}.${format}`} hint={t(`${format}Hint`)} />
      ))}
      <p class="small listen-files">
        {t('files')} <a href={`${listen}.m3u`}>M3U</a> <a href={`${listen}.pls`}>PLS</a>
      </p>
    </div>
  )
}
