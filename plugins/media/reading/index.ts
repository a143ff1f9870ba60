/** What a file is, holds and says of itself; from its bytes alone. */
export { hashFile } from './hash.ts'
export { guessFromPath } from './path-guess.ts'
export { ReadingError, type ReadingReason, type ZipReason } from './reading-error.ts'
export { formatOf, headLength, sniff, sniffFile } from './sniff.ts'
export { readTags } from './tags.ts'
export * from './types.ts'
