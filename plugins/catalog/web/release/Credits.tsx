import { groupBy, useTexts } from '#web'
import type { Release, Track } from '../../contract.ts'
import { catalogTexts } from '../texts.ts'

/** Who made it, what it is called in shops, and whose it is. */
export function Credits({ release, tracks }: { release: Release; tracks: readonly Track[] }) {
  const t = useTexts(catalogTexts)
  const others = release.credits.filter(({ role }) => role !== 'main' && role !== 'featured')
  const byRole = groupBy(others, ({ role }) => role)
  const isrcs = tracks.filter(({ isrc }) => isrc)
  const facts: [string, string][] = [
    [t('label'), release.label],
    [t('catalogNumber'), release.catalogNumber],
    [t('upc'), release.upc ?? ''],
    [t('licence'), release.licence],
  ]
  const lines = [release.pLine && `℗ ${release.pLine}`, release.cLine && `© ${release.cLine}`].filter(Boolean)
  return (
    <aside class="release-credits" aria-label={t('credits')}>
      <dl>
        {[...byRole].map(([role, people]) => (
          <div key={role}>
            <dt>{role}</dt>
            <dd>{people.map(({ name }) => name).join(', ')}</dd>
          </div>
        ))}
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {isrcs.length > 0 && (
        <details>
          <summary>ISRC</summary>
          <dl>
            {isrcs.map(({ id, title, isrc }) => (
              <div key={id}>
                <dt>{title}</dt>
                <dd>{isrc}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {lines.map((line) => (
        <p key={line} class="muted small">
          {line}
        </p>
      ))}
    </aside>
  )
}
