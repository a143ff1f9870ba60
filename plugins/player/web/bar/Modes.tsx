import { useTexts } from '#web'
import type { Player } from '../engine/types.ts'
import { Tool } from '../icons.tsx'
import { nextRepeat, toggleShuffle } from '../listen/commands.ts'
import { playerTexts } from '../texts.ts'

export function ShuffleTool({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const isOn = player.queue.value.natural !== null
  return <Tool icon="shuffle" label={t('shuffle')} isOn={isOn} onClick={() => toggleShuffle(player)} />
}

export function RepeatTool({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { repeat } = player.queue.value
  const label = t(repeat === 'none' ? 'repeatNone' : repeat === 'all' ? 'repeatAll' : 'repeatOne')
  return (
    <Tool
      icon={repeat === 'one' ? 'repeat-one' : 'repeat'}
      label={label}
      isOn={repeat !== 'none'}
      onClick={() => nextRepeat(player)}
    />
  )
}
