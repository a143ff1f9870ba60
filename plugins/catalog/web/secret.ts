import type { Track } from '../contract.ts'

/** Of an unlisted release, as its link has it: who came by it does all with it that listeners do. */
export const secretOf = ({ release }: Pick<Track, 'release'>): string | undefined =>
  new URLSearchParams(release.href.split('?')[1] ?? '').get('key') ?? undefined
