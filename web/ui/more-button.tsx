import type { Pages } from '../sdk/pages.ts'
import { useTexts } from '../sdk/texts.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { uiTexts } from './texts.ts'

/** Below a list that goes on: the way to its next page, and what kept it from coming. */
export function MoreButton<Item>({ pages }: { pages: Pages<Item> }) {
  const t = useTexts(uiTexts)
  if (!pages.hasMore) return null
  return (
    <div class="more stack">
      {pages.moreError && <Notice tone="bad">{pages.moreError.message}</Notice>}
      <div>
        <Button isBusy={pages.isLoadingMore} onClick={() => void pages.more()}>
          {t('more')}
        </Button>
      </div>
    </div>
  )
}
