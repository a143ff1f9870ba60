import { signal } from '@preact/signals'
import { navigate, query } from '../../sdk/location.ts'

const KEY = 'veza-set-up'
export type Outcome = 'done' | 'skipped'

function kept(): Record<string, Outcome> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, Outcome>
  } catch {
    return {}
  }
}

/** What became of each step, kept in this browser so that the checklist survives a reload. */
export const outcomes = signal<Record<string, Outcome>>(kept())

export function note(step: string, outcome: Outcome): void {
  outcomes.value = { ...outcomes.value, [step]: outcome }
  localStorage.setItem(KEY, JSON.stringify(outcomes.value))
}

/** The step in the address, or `fallback`; the one-time token leaves the address with the first step. */
export function currentStep(steps: readonly string[], fallback: string): string {
  const asked = query.value.get('step') ?? ''
  return steps.includes(asked) ? asked : fallback
}

export function goToStep(step: string): void {
  navigate(`/setup?step=${step}`)
}
