import { useTexts } from '../sdk/texts.ts'
import { useTitle } from '../sdk/title.ts'
import { ButtonLink } from '../ui/button.tsx'
import { shellTexts } from './texts.ts'

/** Nothing at this address. */
export function NotFound() {
  const t = useTexts(shellTexts)
  useTitle(t('notFoundTitle'))
  return (
    <div class="not-found">
      <p class="not-found-number" aria-hidden="true">
        404
      </p>
      <h1>{t('notFoundTitle')}</h1>
      <p class="page-lead">{t('notFoundText')}</p>
      <div class="row">
        <ButtonLink look="main" href="/">
          {t('toHome')}
        </ButtonLink>
      </div>
    </div>
  )
}
