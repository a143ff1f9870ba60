import { useEffect, useState } from 'preact/hooks'
import { preload } from '../../sdk/lazy.tsx'
import { can } from '../../sdk/session.ts'
import { useSite } from '../../sdk/site.ts'
import { Slot, useFills } from '../../sdk/slot.tsx'
import { homeBlocks } from '../../sdk/slots.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { shellTexts } from '../texts.ts'
import './home.css'

/** True once every block's code is here; only then can "nothing to show" be told from "not yet". */
function useBlocksReady(): boolean {
  const fills = useFills(homeBlocks)
  const names = fills.length
  const [isReady, setReady] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is made anew at each render
  useEffect(() => {
    Promise.allSettled(fills.map(({ load }) => preload(load))).then(() => setReady(true))
  }, [names])
  return isReady
}

function Fresh() {
  const t = useTexts(shellTexts)
  if (!can('server.administer'))
    return <EmptyState icon="broadcast" title={t('homeEmpty')} text={t('homeEmptyText')} />
  return (
    <EmptyState
      icon="broadcast"
      title={t('ownerEmpty')}
      text={t('ownerEmptyText')}
      action={
        <>
          <ButtonLink look="main" href="/setup">
            {t('continueSetUp')}
          </ButtonLink>
          <ButtonLink href="/admin">{t('openAdmin')}</ButtonLink>
        </>
      }
    />
  )
}

/** The landing page: the label's name, what it says about itself, and the plugins' blocks. */
export default function HomePage() {
  const { title, description } = useSite()
  const isReady = useBlocksReady()
  useTitle('')
  return (
    <div class="home">
      <header class="home-head">
        <h1>{title}</h1>
        {description && <p>{description}</p>}
      </header>
      <div class="home-blocks">
        <Slot of={homeBlocks} props={{}} />
      </div>
      <div class="home-empty">{isReady ? <Fresh /> : <Skeleton shape="block" count={3} />}</div>
    </div>
  )
}
