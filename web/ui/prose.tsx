/**
 * What somebody wrote in Markdown, as the server made it: only the tags of its allow-list, all text escaped
 * (server/sdk/markdown). Never give it HTML from elsewhere.
 */
export function Prose({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made by the server from an allow-list.
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />
}
