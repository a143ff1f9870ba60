import { availableParallelism } from 'node:os'

/** Of this machine the encoders may take so much: chat, pages and the source itself come first. */
const share = 0.6

/** In cores; on one with two that is a 720p and a 480p of one stream. */
export const coresForEncoding = (): number => availableParallelism() * share
