import { identity } from '#contract'

/**
 * A shown name from elsewhere (a sign-in provider, a file) made fit for here: signs that are not seen go, long ones
 * are cut. Undefined where nothing is left.
 */
export function toDisplayName(text: string): string | undefined {
  const line = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  const cut = [...line].reduce((name, sign) => (name.length + sign.length > 60 ? name : name + sign), '')
  const parsed = identity.DisplayName.safeParse(cut.replace(identity.unseen, ''))
  return parsed.success ? parsed.data : undefined
}
