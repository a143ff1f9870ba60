import { useEffect, useRef, useState } from 'preact/hooks'
import { asProblem, Button, Icon, toast, useTexts } from '#web'
import { type DroppedFile, filesOfDrop, filesOfInput } from './dropped-files.ts'
import { takeUp } from './kept-drops.ts'
import { send, sendings } from './sending.ts'
import { uploadTexts } from './texts.ts'

const types =
  'audio/*,.wav,.flac,.aif,.aiff,.mp3,.m4a,.ogg,.opus,.zip,application/zip,image/jpeg,image/png,image/webp'

/** Takes files and folders, dropped or chosen. */
export function DropZone() {
  const t = useTexts(uploadTexts)
  const [isOver, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  useWarningWhileSending()
  const take = async (found: DroppedFile[]) => {
    if (found.length === 0) return toast(t('nothingThere'))
    try {
      const { batch, files } = await takeUp(found)
      if (files.length === 0) toast(t('allThere'))
      send(files, batch)
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const onDrop = async (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (event.dataTransfer) await take(await filesOfDrop(event.dataTransfer))
  }
  const onChosen = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement
    void take(filesOfInput(input.files))
    input.value = ''
  }
  return (
    <section
      class={`drop-zone${isOver ? ' is-over' : ''}`}
      aria-label={t('dropHere')}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void onDrop(event)}
    >
      <Icon name="upload" size={32} />
      <p>
        <strong>{t('dropHere')}</strong>
      </p>
      <p class="muted small">{t('formats')}</p>
      <div class="row">
        <Button look="main" onClick={() => files.current?.click()}>
          {t('chooseFiles')}
        </Button>
        <Button icon="folder" onClick={() => folder.current?.click()}>
          {t('chooseFolder')}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept={types}
        hidden
        aria-label={t('chooseFiles')}
        onChange={onChosen}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label={t('chooseFolder')}
        {...{ webkitdirectory: true }}
        onChange={onChosen}
      />
    </section>
  )
}

/** Closing the page stops what is on its way: the browser asks. */
function useWarningWhileSending(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (sendings.value.some(({ state }) => state === 'sending' || state === 'waiting'))
        event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [])
}
