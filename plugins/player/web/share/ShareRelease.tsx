import type { Release } from '#plugins/catalog'
import { Button, useTexts } from '#web'
import { shared } from '../front.ts'
import { shareTexts } from './texts.ts'
import { shareRelease } from './wish.ts'

/** Beside the play button of a release. */
export default function ShareRelease({ release }: { release: Release }) {
  const t = useTexts(shareTexts)
  return (
    <Button
      icon="link"
      onClick={() => {
        shared.value = shareRelease(release)
      }}
    >
      {t('share')}
    </Button>
  )
}
