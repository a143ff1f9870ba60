import type { Clip } from '../../contract.ts'

/** Where a clip is watched. */
export const pathOf = ({ id, channel }: Clip) => `/live/${channel.slug}/clips/${id}`
