import { useState } from 'preact/hooks'
import { query as addressQuery, asProblem, Button, call, Notice, useTexts } from '#web'
import { downloadTrack, type TrackInFull } from '../../contract.ts'
import { catalogTexts } from '../texts.ts'

type Format = TrackInFull['downloads'][number]
const names: Record<Exclude<Format, 'original'>, string> = {
  flac: 'FLAC',
  'mp3-320': 'MP3 320',
  'mp3-v0': 'MP3 V0',
  opus: 'Opus',
  'aac-256': 'AAC 256',
}
const againMs = 1500
const mostTries = 200

/** The formats one may take away; rare ones are made when asked for. */
export function Download({ track }: { track: TrackInFull }) {
  const t = useTexts(catalogTexts)
  const [busy, setBusy] = useState<Format | null>(null)
  const [fault, setFault] = useState('')
  if (track.downloads.length === 0) return null
  const take = async (format: Format) => {
    setBusy(format)
    setFault('')
    try {
      const url = await addressOf(track.id, format)
      if (url) location.assign(url)
      else setFault(t('downloadFailed'))
    } catch (error) {
      setFault(asProblem(error).message)
    } finally {
      setBusy(null)
    }
  }
  return (
    <section class="downloads">
      <h2>{t('download')}</h2>
      <div class="row">
        {track.downloads.map((format) => (
          <Button
            key={format}
            icon="download"
            isBusy={busy === format}
            disabled={busy !== null}
            onClick={() => void take(format)}
          >
            {format === 'original' ? t('original') : names[format]}
          </Button>
        ))}
      </div>
      <div role="status">{busy && <p class="muted small">{t('preparing')}</p>}</div>
      {fault && <Notice tone="bad">{fault}</Notice>}
    </section>
  )
}

/** Asks until it is made. */
async function addressOf(id: string, format: Format): Promise<string | null> {
  const key = addressQuery.value.get('key') ?? undefined
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { state, url } = await call(downloadTrack, { params: { id }, query: { key }, body: { format } })
    if (state !== 'preparing') return url
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
  return null
}
