import { Card, useTexts } from '#web'
import type { Health } from '../../contract.ts'
import { figuresOf } from './figures.ts'
import { Notes } from './Notes.tsx'
import { goLiveTexts } from './texts.ts'

/** How the stream arrives: four numbers, and in words what is wrong, worst first. */
export function HealthCard({ health }: { health: Health | null }) {
  const t = useTexts(goLiveTexts)
  if (!health)
    return (
      <Card title={t('health')}>
        <p class="muted">{t('measuring')}</p>
      </Card>
    )
  return (
    <Card title={t('health')}>
      <dl class="golive-figures">
        {figuresOf(t, health).map(({ id, value, words }) => (
          <div key={id}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Notes notes={health.notes} />
      {health.encoder && <p class="golive-encoder">{t('encoder', { name: health.encoder })}</p>}
    </Card>
  )
}
