import { useRef, useState } from 'preact/hooks'
import { asProblem } from '../sdk/problem-error.ts'
import { useTexts } from '../sdk/texts.ts'
import { toast } from '../sdk/toast.ts'
import { Button } from './button.tsx'
import type { CropArea } from './crop-area.ts'
import { CropDialog } from './crop-dialog.tsx'
import { uiTexts } from './texts.ts'

interface PictureFieldProps {
  label: string
  hint?: string
  /** The picture that is there now. */
  url: string | null
  /** Width / height. */
  shape: number
  isRound?: boolean
  onPick(file: File, area: CropArea): Promise<void>
  onRemove(): Promise<void>
}

const types = 'image/jpeg,image/png,image/webp,image/avif,image/gif'
const mostBytes = 10 * 1024 * 1024

/** A picture that can be chosen or dropped, cut, and taken away again; each takes effect at once. */
export function PictureField({ label, hint, url, shape, isRound, onPick, onRemove }: PictureFieldProps) {
  const t = useTexts(uiTexts)
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [isOver, setOver] = useState(false)
  const take = (given: File | undefined) => {
    setOver(false)
    if (!given) return
    if (given.size > mostBytes) toast(t('pictureLarge'), { tone: 'bad' })
    else setFile(given)
  }
  const remove = async () => {
    try {
      await onRemove()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <fieldset
      class={`picture-field${isOver ? ' is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        take(event.dataTransfer?.files[0])
      }}
    >
      <legend>{label}</legend>
      <div
        class={`picture-now${isRound ? ' is-round' : ''}${shape > 1 ? ' is-wide' : ''}`}
        style={{ aspectRatio: String(shape) }}
      >
        {url && <img src={url} alt="" />}
      </div>
      <div class="picture-tools">
        <div class="row">
          <Button icon="image" onClick={() => input.current?.click()}>
            {t(url ? 'pictureChange' : 'pictureChoose')}
          </Button>
          {url && (
            <Button look="plain" onClick={() => void remove()}>
              {t('pictureRemove')}
            </Button>
          )}
        </div>
        <p class="field-hint">{hint ?? t('pictureHint')}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept={types}
        class="hidden-text"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      {file && (
        <CropDialog
          file={file}
          shape={shape}
          isRound={isRound ?? false}
          title={label}
          onClose={() => setFile(null)}
          onPick={async (area) => {
            await onPick(file, area)
            setFile(null)
          }}
        />
      )}
    </fieldset>
  )
}
