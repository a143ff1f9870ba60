import { useEffect, useRef, useState } from 'preact/hooks'
import { useTexts } from '../sdk/texts.ts'
import { Button } from './button.tsx'
import { type CropArea, cropOf, mostZoom, moved, type PictureSize, wholePixels, zoomed } from './crop-area.ts'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'
import { uiTexts } from './texts.ts'

interface CropDialogProps {
  file: File
  /** Width / height of what is kept. */
  shape: number
  /** Shows the frame as a circle; what is kept is a square all the same. */
  isRound?: boolean
  title: string
  onClose(): void
  /** Sends the picture; a sentence it throws is shown here. */
  onPick(area: CropArea): Promise<void>
}

/** Keys that move the picture under the frame, in parts of the frame. */
const steps: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -0.03, y: 0 },
  ArrowRight: { x: 0.03, y: 0 },
  ArrowUp: { x: 0, y: -0.03 },
  ArrowDown: { x: 0, y: 0.03 },
}

/** Chooses the part of a picture that is kept: drag or arrow keys move it, the slider brings it nearer. */
export function CropDialog({ file, shape, isRound, title, onClose, onPick }: CropDialogProps) {
  const t = useTexts(uiTexts)
  const [address, setAddress] = useState<string | null>(null)
  const [size, setSize] = useState<PictureSize | null>(null)
  const [area, setArea] = useState<CropArea | null>(null)
  const [zoom, setZoom] = useState(1)
  const [message, setMessage] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  const setNearness = (next: number) => {
    setZoom(next)
    if (area && size) setArea(zoomed(area, size, shape, next))
  }
  const pick = async () => {
    if (!area || !size) return
    setBusy(true)
    setMessage(null)
    try {
      await onPick(wholePixels(area, size))
    } catch (error) {
      setMessage(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <div class="crop">
        {address && (
          <CropFrame
            address={address}
            shape={shape}
            isRound={isRound ?? false}
            size={size}
            area={area}
            onSize={(found) => {
              setSize(found)
              setArea(cropOf(found, shape))
            }}
            onBroken={() => setMessage(t('pictureBroken'))}
            onMove={(by) =>
              area && size && setArea(moved(area, size, { x: by.x * area.width, y: by.y * area.height }))
            }
          />
        )}
        <label class="crop-zoom">
          <span>{t('pictureNearer')}</span>
          <input
            type="range"
            min={1}
            max={mostZoom}
            step={0.01}
            value={zoom}
            disabled={!area}
            onInput={(event) => setNearness(event.currentTarget.valueAsNumber)}
          />
        </label>
        <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
        <div class="row">
          <Button look="main" isBusy={isBusy} disabled={!area} onClick={() => void pick()}>
            {t('pictureUse')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </div>
    </Dialog>
  )
}

interface FrameProps {
  address: string
  shape: number
  isRound: boolean
  size: PictureSize | null
  area: CropArea | null
  onSize(size: PictureSize): void
  onBroken(): void
  /** By so many widths and heights of the frame. */
  onMove(by: { x: number; y: number }): void
}

function CropFrame({ address, shape, isRound, size, area, onSize, onBroken, onMove }: FrameProps) {
  const t = useTexts(uiTexts)
  const held = useRef<{ x: number; y: number } | null>(null)
  const percent = (value: number) => `${value * 100}%`
  const place =
    area && size
      ? {
          width: percent(size.width / area.width),
          left: percent(-area.x / area.width),
          top: percent(-area.y / area.height),
        }
      : { visibility: 'hidden' as const }
  const drag = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const from = held.current
    if (!from) return
    held.current = { x: event.clientX, y: event.clientY }
    onMove({ x: (from.x - event.clientX) / box.width, y: (from.y - event.clientY) / box.height })
  }
  return (
    <div
      class={`crop-frame${isRound ? ' is-round' : ''}`}
      style={{ aspectRatio: String(shape) }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move what lies under the frame.
      tabIndex={0}
      role="application"
      aria-label={t('pictureMove')}
      onKeyDown={(event) => {
        const step = steps[event.key]
        if (!step) return
        event.preventDefault()
        onMove(step)
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        held.current = { x: event.clientX, y: event.clientY }
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        held.current = null
      }}
      onPointerCancel={() => {
        held.current = null
      }}
    >
      <img
        src={address}
        alt=""
        draggable={false}
        style={place}
        onLoad={(event) => {
          const { naturalWidth, naturalHeight } = event.currentTarget
          onSize({ width: naturalWidth, height: naturalHeight })
        }}
        onError={onBroken}
      />
    </div>
  )
}
