import { useTexts } from '../../sdk/texts.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { goToStep, outcomes } from './progress.ts'
import { setUpTexts } from './texts.ts'

/** What is done and what is left, each with the way to it. */
export function DoneStep({ steps }: { steps: { id: string; label: string }[] }) {
  const t = useTexts(setUpTexts)
  return (
    <>
      <PageHeader title={t('doneTitle')} lead={t('doneLead')} />
      <ul class="checklist">
        {steps.map(({ id, label }) => {
          const isDone = id === 'owner' || outcomes.value[id] === 'done'
          return (
            <li key={id} class={isDone ? 'is-done' : undefined}>
              <span class="check-mark">{isDone && <Icon name="check" size={16} />}</span>
              <span>
                {label}
                <span class="hidden-text">: {t(isDone ? 'doneMark' : 'skippedMark')}</span>
              </span>
              {!isDone && (
                <Button onClick={() => goToStep(id)} aria-label={`${t('goBack')}: ${label}`}>
                  {t('goBack')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      <div class="row">
        <ButtonLink look="main" href="/">
          {t('open')}
        </ButtonLink>
        <ButtonLink href="/admin">{t('toAdmin')}</ButtonLink>
      </div>
    </>
  )
}
