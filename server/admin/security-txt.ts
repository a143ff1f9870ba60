import { admin, notFound } from '#contract'
import { problem } from '../sdk/index.ts'
import type { Site } from '../sites/site.ts'

const dayMs = 24 * 3_600_000

/** `/.well-known/security.txt` (RFC 9116); 404 where the label names no contact. */
export function securityTxt({ table, settings, info }: Site, now: () => Date): void {
  table.routerFor('server').handle(admin.securityTxt, () => {
    const { securityContact } = settings.site()
    if (securityContact === '') throw problem(notFound)
    // To the day: the same text all day long, and never more than a year ahead.
    const expires = new Date((Math.floor(now().getTime() / dayMs) + 365) * dayMs)
    return [
      `Contact: ${securityContact}`,
      `Expires: ${expires.toISOString().replace('.000Z', 'Z')}`,
      'Preferred-Languages: en, fr',
      `Canonical: ${info.url}/.well-known/security.txt`,
      '',
    ].join('\n')
  })
}
