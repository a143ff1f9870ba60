/** A page's part that works without JavaScript: title, description, picture and readable HTML. */
export interface PageContent {
  title: string
  description?: string
  image?: string
  /** Escaped HTML made by the `html` tag; shown until the app takes over, and to crawlers. */
  body: Html
  /** 404 for something that is not there; 200 otherwise. */
  status?: number
  /** Nothing for search engines: a form, or a page that is somebody's own. */
  isUnlisted?: boolean
  /** Of Open Graph, as `music.album`; `website` unless said. */
  kind?: string
  /** More of Open Graph and the like, by property: `og:audio`. */
  meta?: Record<string, string | undefined>
  /** `<link>` elements of the head, as the oEmbed discovery link. */
  links?: { rel: string; type: string; href: string; title?: string }[]
  /** What the page is about, in words of schema.org (JSON-LD). */
  about?: Record<string, unknown>
  /** Other sites may frame it; it is shown to nobody in particular, whoever is signed in. */
  isEmbed?: boolean
  /** Path of this site where the page is now; the answer then leads there and shows nothing. */
  redirect?: string
}
/** Text already escaped by `html`. */
export interface Html {
  readonly html: string
}
