import type { Pages } from '../../sdk/pages.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { adminTexts } from './texts.ts'

/** The way to the next page of a list. */
export function MoreButton<Item>({ pages }: { pages: Pages<Item> }) {
  const t = useTexts(adminTexts)
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
