import { useEffect, useRef } from 'preact/hooks'
import { identity } from '#contract'
import { say } from '../../sdk/language.ts'
import { useLoaded } from '../../sdk/lazy.tsx'
import { query } from '../../sdk/location.ts'
import type { Fill } from '../../sdk/plugin.ts'
import { useQuery } from '../../sdk/query.ts'
import { can } from '../../sdk/session.ts'
import { useFills } from '../../sdk/slot.tsx'
import { setUpSteps } from '../../sdk/slots.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { DoneStep } from './DoneStep.tsx'
import { LookStep } from './LookStep.tsx'
import { OwnerStep } from './OwnerStep.tsx'
import { currentStep, goToStep, note, type Outcome } from './progress.ts'
import { setUpTexts } from './texts.ts'
import './setup.css'

interface Step {
  id: string
  label: string
  fill?: Fill
}

function useSteps(): Step[] {
  const t = useTexts(setUpTexts)
  const fills = useFills(setUpSteps).map((fill, index) => ({
    id: `part-${index + 1}`,
    label: fill.label ? say(fill.label) : t('checkPart', { at: index + 1 }),
    fill,
  }))
  return [{ id: 'owner', label: t('checkOwner') }, { id: 'look', label: t('checkLook') }, ...fills]
}

function FilledStep({ fill, leave }: { fill: Fill; leave(outcome: Outcome): void }) {
  const { Part, error, retry } = useLoaded(fill.load)
  if (error) return <ErrorState error={error} retry={retry} />
  const props = { onDone: () => leave('done'), onSkip: () => leave('skipped') }
  return Part ? <Part {...(props as object)} /> : <Skeleton lines={4} />
}

function StepBody({ step, token, leave }: { step: Step; token: string; leave(outcome: Outcome): void }) {
  if (step.id === 'owner') return <OwnerStep token={token} onDone={() => leave('done')} />
  if (step.fill) return <FilledStep key={step.id} fill={step.fill} leave={leave} />
  return <LookStep onDone={() => leave('done')} onSkip={() => leave('skipped')} />
}

function Wizard({ token, hasOwner }: { token: string; hasOwner: boolean }) {
  const t = useTexts(setUpTexts)
  const steps = useSteps()
  const ids = [...steps.map(({ id }) => id), 'done']
  const asked = currentStep(ids, hasOwner ? 'look' : 'owner')
  const id = !hasOwner ? 'owner' : asked === 'owner' ? 'look' : asked
  const at = ids.indexOf(id)
  const box = useRef<HTMLDivElement>(null)
  const hasMoved = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves with the step, not at the first sight
  useEffect(() => {
    if (hasMoved.current) box.current?.focus()
    hasMoved.current = true
  }, [id])
  const leave = (outcome: Outcome) => {
    note(id, outcome)
    goToStep(ids[at + 1] ?? 'done')
  }
  const step = steps[at]
  return (
    <div class="setup" ref={box} tabIndex={-1}>
      <p class="setup-step">{t('step', { at: at + 1, count: ids.length })}</p>
      <progress class="setup-progress" value={at + 1} max={ids.length} aria-label={t('title')} />
      {step ? <StepBody step={step} token={token} leave={leave} /> : <DoneStep steps={steps} />}
    </div>
  )
}

/** The first run: a label that is open within five minutes; every step but the owner can be skipped. */
export default function SetUpPage() {
  const t = useTexts(setUpTexts)
  useTitle(t('title'))
  const given = query.value.get('token') ?? undefined
  const kept = useRef(given)
  kept.current ??= given
  const token = kept.current
  const state = useQuery(identity.setUpState, { query: { token } }, { freshMs: 0 })
  if (can('server.administer')) return <Wizard token="" hasOwner />
  const signIn = (
    <ButtonLink look="main" href="/login?next=/setup">
      {t('signIn')}
    </ButtonLink>
  )
  return (
    <QueryView query={state}>
      {({ isDone, isTokenGood }) => {
        if (isDone || !isTokenGood)
          return (
            <>
              <PageHeader title={t('title')} />
              {isDone ? (
                <EmptyState icon="check" title={t('setTitle')} text={t('setText')} action={signIn} />
              ) : (
                <EmptyState icon="key" title={t('badTitle')} text={t('badText')} />
              )}
            </>
          )
        return <Wizard token={token ?? ''} hasOwner={false} />
      }}
    </QueryView>
  )
}
