import type { Storyboard } from '../../contract.ts'
import type { Desk } from '../../desk.ts'
import type { Audience } from '../../playback-token.ts'
import { sheetFile } from './files.ts'
import type { StoryboardRow } from './plan.ts'

/** With addresses for whom they are, as those of the recording's media. */
export function presentStoryboard(
  { tokens }: Pick<Desk, 'tokens'>,
  streamId: string,
  row: StoryboardRow | null,
  to: Audience,
): Storyboard | null {
  if (!row) return null
  const { mark, sheets, ...shape } = row
  const address = (_none: unknown, i: number) => tokens.fileAddress(streamId, sheetFile(mark, i), to)
  return { ...shape, sheets: Array.from({ length: sheets }, address) }
}
