import { renderToString } from 'preact-render-to-string'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MessageText } from './MessageText.tsx'

test('shows HTML as the text it is, and links that promise nothing [CHAT-18]', () => {
  const html = renderToString(
    <MessageText text={'<img src=x onerror=alert(1)> https://a.example/?q"><script>'} />,
  )
  assert.not.match(html, /<img|<script/)
  assert.match(html, '&lt;img src=x onerror=alert(1)>')
  assert.match(html, 'rel="noopener noreferrer nofollow ugc"')
  assert.match(html, 'href="https://a.example/?q"')
})

test.run()
