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
  /** Path of this site where the page is now; the answer then leads there and shows nothing. */
  redirect?: string
}
/** Text already escaped by `html`. */
export interface Html {
  readonly html: string
}
