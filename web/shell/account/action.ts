import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { asProblem } from '../../sdk/problem-error.ts'
import { toast } from '../../sdk/toast.ts'
import { withConfirm } from '../../sdk/with-confirm.ts'
import { isCancelled } from '../login/passkey.ts'

interface Action {
  isBusy: boolean
  /** Resolves to whether it was done. */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/**
 * What a button does: asks for a fresh proof where the server wants one, is busy while it runs, and tells a refusal
 * at the page's edge. Whoever closes a question knows that nothing was done.
 */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false)
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await withConfirm(work)
      return true
    } catch (error) {
      const problem = asProblem(error)
      if (!problem.is(identity.confirmNeeded) && !isCancelled(error)) toast(problem.message, { tone: 'bad' })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, run }
}
