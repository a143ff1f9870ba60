import { useTexts } from '../sdk/texts.ts'
import { dropToast, toasts } from '../sdk/toast.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { uiTexts } from '../ui/texts.ts'

/** The short notes at the page's edge. */
export function Toasts() {
  const t = useTexts(uiTexts)
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, tone, undo }) => (
        <div key={id} class={`toast toast-${tone}`}>
          <span>{text}</span>
          <div class="row">
            {undo && (
              <Button
                look="plain"
                onClick={() => {
                  dropToast(id)
                  undo()
                }}
              >
                {t('undo')}
              </Button>
            )}
            <IconButton icon="close" label={t('close')} onClick={() => dropToast(id)} />
          </div>
        </div>
      ))}
    </div>
  )
}
