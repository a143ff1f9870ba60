/** Where a channel's figures are; of its newest show unless one is named. */
export const statsAddress = (slug: string, streamId?: string): string =>
  `/go-live/stats?channel=${encodeURIComponent(slug)}${streamId ? `&show=${streamId}` : ''}`
