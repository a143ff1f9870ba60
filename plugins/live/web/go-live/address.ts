/** The desk of a channel. */
export const deskAddress = (slug: string): string => `/go-live?channel=${encodeURIComponent(slug)}`
