import { useRef, useState } from 'preact/hooks'
import { asProblem, Button, ButtonLink, call, Dialog, invalidate, Notice, Skeleton, useTexts } from '#web'
import { importPlaylist, listMyPlaylists, mostFileBytes } from '../../contract.ts'
import { listTexts } from '../texts.ts'

type Report = Awaited<ReturnType<typeof send>>

const send = (file: File) =>
  call(importPlaylist, {
    query: { fileName: file.name.slice(-255) },
    body: new Blob([file], { type: 'application/octet-stream' }),
  })

/** Takes a file and says line by line what the catalogue does not have. */
export function ImportDialog({ onClose }: { onClose(): void }) {
  const t = useTexts(listTexts)
  const input = useRef<HTMLInputElement>(null)
  const [report, setReport] = useState<Report | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [message, setMessage] = useState<string | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > mostFileBytes) return setMessage(t('importTooLarge'))
    setBusy(true)
    setMessage(null)
    try {
      setReport(await send(file))
      invalidate(listMyPlaylists)
    } catch (error) {
      setMessage(asProblem(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('importTitle')} isOpen onClose={onClose}>
      {report ? (
        <Told report={report} />
      ) : (
        <div class="form">
          <p>{t('importText')}</p>
          <input
            ref={input}
            type="file"
            accept=".m3u,.m3u8,.xspf,.jspf,.json"
            class="hidden-text"
            tabIndex={-1}
            aria-label={t('importChoose')}
            onChange={(event) => {
              void take(event.currentTarget.files?.[0])
              event.currentTarget.value = ''
            }}
          />
          <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
          {isBusy && <Skeleton lines={2} />}
          <div class="row">
            <Button look="main" icon="upload" isBusy={isBusy} onClick={() => input.current?.click()}>
              {t(isBusy ? 'importBusy' : 'importChoose')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function Told({ report: { playlist, found, missing } }: { report: Report }) {
  const t = useTexts(listTexts)
  return (
    <div class="form" role="status">
      <p>
        <b>{playlist.title}</b> · {t('importFound', { count: found })}
      </p>
      {missing.length > 0 && (
        <>
          <p>{t('importMissing', { count: missing.length })}</p>
          <ol class="list-missing">
            {missing.map(({ line, title, artist, location }) => (
              <li key={line}>
                <span class="muted small figures">{t('importLine', { line })}</span>
                <span>{[artist, title].filter(Boolean).join(' – ') || location}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      <div class="row">
        <ButtonLink look="main" href={playlist.href}>
          {t('importOpen')}
        </ButtonLink>
      </div>
    </div>
  )
}
