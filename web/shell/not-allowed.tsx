import { notAllowed } from '#contract'
import { ProblemError } from '../sdk/problem-error.ts'
import { useTexts } from '../sdk/texts.ts'
import { ErrorState } from '../ui/states.tsx'
import { shellTexts } from './texts.ts'

/** The page is there, and not for this account. */
export function NotAllowed({ at }: { at: string }) {
  const t = useTexts(shellTexts)
  const type = `urn:veza:problem:${notAllowed.name}`
  return <ErrorState error={new ProblemError({ type, title: t('notAllowed'), status: 403, instance: at })} />
}
