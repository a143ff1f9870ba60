import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { useTexts } from '../sdk/texts.ts'
import { IconButton } from './button.tsx'
import { uiTexts } from './texts.ts'

interface DialogProps {
  title: string
  isOpen: boolean
  onClose(): void
  children: ComponentChildren
}

/** The browser's own modal dialog: keeps the focus inside, closes by Escape, gives the focus back. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const t = useTexts(uiTexts)
  const id = useId()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = box.current
    if (!dialog) return
    if (isOpen && !dialog.open) dialog.showModal()
    // What is to be filled in comes before the way out.
    if (isOpen) dialog.querySelector<HTMLElement>('form input, form select, form textarea')?.focus()
    if (!isOpen && dialog.open) dialog.close()
  }, [isOpen])
  if (!isOpen) return null
  return (
    <dialog
      ref={box}
      class="dialog"
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === box.current && onClose()}
      onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
    >
      <div class="dialog-box">
        <header class="card-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t('close')} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}
