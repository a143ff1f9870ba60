import type { Account } from '#sdk'
import type { Work } from './change.ts'
import type { Desk } from './desk.ts'
import type { Edited } from './edit.ts'

/**
 * Changes the tracks of a playlist and tells everybody who looks at it. `by` null is the platform itself. Yjs is
 * loaded with the first edit: it would be a tenth of the memory of a server on which nobody edits.
 */
export async function editPlaylist(desk: Desk, id: string, by: Account | null, work: Work): Promise<Edited> {
  const { editDocument } = await import('./edit.ts')
  return editDocument(desk, id, by, work)
}
