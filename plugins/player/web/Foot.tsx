import { useEffect } from 'preact/hooks'
import { me, useLoaded } from '#web'
import { desk, openDesk } from './facade.ts'
import { isHelpOpen, isTyping, queueKey, shared } from './front.ts'

const loadShare = () => import('./share/ShareDialog.tsx')
const loadHelp = () => import('./HelpSheet.tsx')

/** Not asked for where there can be none: most pages are opened by visitors who have heard nothing yet. */
function mayHaveQueue(): boolean {
  try {
    return me.peek() !== null || localStorage.getItem(queueKey) !== null
  } catch {
    return false
  }
}

const noQueue = () => undefined

/** Below every page, never unmounted: as little as can be until something plays. */
export default function Foot() {
  const account = me.value?.id
  useEffect(() => {
    if (mayHaveQueue())
      import('./bring-back.ts')
        .then(({ bringBack }) => bringBack(openDesk, account !== undefined))
        .catch(noQueue)
  }, [account])
  useEffect(() => {
    const help = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event)) isHelpOpen.value = true
    }
    addEventListener('keydown', help)
    return () => removeEventListener('keydown', help)
  }, [])
  const whole = desk.value
  return (
    <>
      {whole?.engine.value && <whole.PlayerBar />}
      {shared.value && <Part load={loadShare} />}
      {isHelpOpen.value && <Part load={loadHelp} />}
    </>
  )
}

function Part({ load }: { load: typeof loadShare }) {
  const { Part: Loaded } = useLoaded(load)
  return Loaded && <Loaded />
}
