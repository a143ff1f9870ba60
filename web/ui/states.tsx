import type { ComponentChildren } from 'preact'
import type { ProblemError } from '../sdk/problem-error.ts'
import { type Translate, useTexts } from '../sdk/texts.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icons.tsx'
import { uiTexts } from './texts.ts'

interface EmptyStateProps {
  icon?: IconName
  title: string
  /** What to do, in a sentence. */
  text?: ComponentChildren
  /** The button that does it. */
  action?: ComponentChildren
}

/** Nothing here yet: says what this place is for and how to begin. */
export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <div class="state">
      {icon && <Icon name={icon} size={28} />}
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {action && <div class="row">{action}</div>}
    </div>
  )
}

function whatToTry(t: Translate<(typeof uiTexts)['en']>, error: ProblemError): string | undefined {
  if (error.isOffline) return t('offlineText')
  if (error.status === 401 || error.status === 403) return t('notAllowedText')
  if (error.status >= 500 || error.status === 0) return t(error.requestId ? 'brokeText' : 'brokeAlone')
  return error.body.detail
}

/** Something failed: what happened, what to try, and the request number for whoever is asked for help. */
export function ErrorState({ error, retry }: { error: ProblemError; retry?: () => void }) {
  const t = useTexts(uiTexts)
  const text = whatToTry(t, error)
  return (
    <div class="state state-error" role="alert">
      <Icon name={error.isOffline ? 'offline' : 'warning'} size={28} />
      <h2>{error.isOffline ? t('offlineTitle') : error.body.title || t('brokeTitle')}</h2>
      {text && <p>{text}</p>}
      {retry && (
        <div class="row">
          <Button icon="retry" onClick={retry}>
            {t('retry')}
          </Button>
        </div>
      )}
      {error.requestId && <p class="state-id">{t('requestId', { id: error.requestId })}</p>}
    </div>
  )
}
