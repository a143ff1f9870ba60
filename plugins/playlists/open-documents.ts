import type { Doc } from 'yjs'

/** A playlist's document as of a version. */
export interface OpenDocument {
  playlistId: string
  version: number
  doc: Doc
  /** Updates since the last snapshot, and their bytes. */
  updates: number
  bytes: number
}

/** Documents this process has had open: read again only where another process wrote meanwhile. */
export interface Documents {
  /** Out of here: whoever fails with it lets it go, and the next one reads what is stored. */
  take(playlistId: string, version: number): OpenDocument | null
  keep(document: OpenDocument): void
}

const mostKept = 20

export function keepDocuments(): Documents {
  const kept = new Map<string, OpenDocument>()
  return {
    take(playlistId, version) {
      const found = kept.get(playlistId)
      kept.delete(playlistId)
      return found?.version === version ? found : null
    },
    keep(document) {
      kept.delete(document.playlistId)
      kept.set(document.playlistId, document)
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    },
  }
}
