import { asProblem } from '../../sdk/problem-error.ts'
import { toast } from '../../sdk/toast.ts'
import { withConfirm } from '../../sdk/with-confirm.ts'

/** Does what a button says and tells how it went at the page's edge; false where the server refused. */
export async function act(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await withConfirm(work)
    if (done) toast(done)
    return true
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
    return false
  }
}
