import { asProblem, call, confirm, type Translate, toast } from '#web'
import { endStream } from '../../contract.ts'
import type { goLiveTexts } from './texts.ts'

/** Asks, then ends the stream of a channel; says how it went. True when it is over. */
export async function endAfterAsking(
  t: Translate<(typeof goLiveTexts)['en']>,
  slug: string,
): Promise<boolean> {
  if (!(await confirm({ title: t('endTitle'), text: t('endText'), action: t('end') }))) return false
  try {
    await call(endStream, { params: { slug } })
    toast(t('endDone'))
    return true
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
    return false
  }
}
