import { Button, useTexts } from '#web'
import { pageTexts } from '../page-texts.ts'
import type { Row } from './use-rows.ts'

interface SelectionProps {
  rows: readonly Row[]
  chosen: ReadonlySet<string>
  onChoose(chosen: ReadonlySet<string> | null): void
  onTop(ids: string[]): void
  onRemove(ids: string[]): void
  onAdd(trackIds: string[]): void
}

/** What one can do with several tracks at once. */
export function SelectionBar({ rows, chosen, onChoose, onTop, onRemove, onAdd }: SelectionProps) {
  const t = useTexts(pageTexts)
  const ids = rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id)
  const isNone = ids.length === 0
  const trackIds = rows.filter(({ id }) => chosen.has(id)).map(({ trackId }) => trackId)
  return (
    <>
      <b class="figures" role="status">
        {t('selected', { count: ids.length })}
      </b>
      <Button look="plain" onClick={() => onChoose(new Set(rows.map(({ id }) => id)))}>
        {t('selectAll')}
      </Button>
      <Button look="plain" disabled={isNone} onClick={() => onTop(ids)}>
        {t('top')}
      </Button>
      <Button look="plain" icon="plus" disabled={isNone} onClick={() => onAdd(trackIds.slice(0, 500))}>
        {t('toOther')}
      </Button>
      <Button look="plain" icon="trash" disabled={isNone} onClick={() => onRemove(ids)}>
        {t('take')}
      </Button>
      <Button onClick={() => onChoose(null)}>{t('selectEnd')}</Button>
    </>
  )
}
