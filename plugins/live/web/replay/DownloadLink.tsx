import { useState } from 'preact/hooks'
import { ButtonLink, formatBytes, ProblemError, toast, useTexts } from '#web'
import type { Replay } from '../../contract.ts'
import { replayTexts } from './texts.ts'

/** A short recording is there before anybody wonders. */
const silentMs = 800

/** What is shown of a recording, of all that was received. */
function shownBytes({ sizeBytes, trim }: Pick<Replay, 'sizeBytes' | 'trim'>): number {
  if (!trim || trim.wholeMs === 0) return sizeBytes
  return Math.round((sizeBytes * (trim.endMs - trim.startMs)) / trim.wholeMs)
}

/** Its first byte: by then the file is planned, or it is known why there is none. */
async function prepare(href: string): Promise<string | null> {
  const answer = await fetch(href, { headers: { range: 'bytes=0-0' } }).catch(() => null)
  if (answer?.ok) {
    await answer.body?.cancel()
    return null
  }
  const body = await answer?.json().catch(() => null)
  return body?.type ? new ProblemError(body).message : ''
}

/** One MP4 of a recording: what a long one takes to be put together, and why it cannot be, is told here. */
export function DownloadLink({ replay, href }: { replay: Replay; href: string }) {
  const t = useTexts(replayTexts)
  const [isBusy, setBusy] = useState(false)
  const bytes = shownBytes(replay)
  const begin = async () => {
    setBusy(true)
    const timer = setTimeout(() => toast(t('downloadBegins')), silentMs)
    const fault = await prepare(href)
    clearTimeout(timer)
    setBusy(false)
    if (fault !== null) return void toast(fault || t('downloadLost'), { tone: 'bad' })
    Object.assign(document.createElement('a'), { href, download: '' }).click()
  }
  return (
    <ButtonLink
      href={href}
      download
      icon="download"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        if (!isBusy) void begin()
      }}
    >
      {bytes > 0 ? t('downloadSize', { size: formatBytes(bytes) }) : t('download')}
    </ButtonLink>
  )
}
