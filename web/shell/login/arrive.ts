import type { identity } from '#contract'
import { language } from '../../sdk/language.ts'
import { navigate, query, safeNext } from '../../sdk/location.ts'
import { setMe } from '../../sdk/session.ts'
import { fillText } from '../../sdk/texts.ts'
import { toast } from '../../sdk/toast.ts'
import { loginTexts } from './texts.ts'

/** Takes over who has just been signed in and goes where they wanted to. */
export function arrive({ account }: Pick<identity.Tokens, 'account'>): void {
  setMe(account)
  toast(fillText(language.peek(), loginTexts[language.peek()].welcome, { name: account.displayName }))
  navigate(safeNext(query.peek().get('next')), { replace: true })
}

/** `/register` with the page to come back to, where there is one. */
export function withNext(path: string): string {
  const next = query.value.get('next')
  return next ? `${path}?next=${encodeURIComponent(safeNext(next))}` : path
}
