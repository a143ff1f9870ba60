import { renderToString } from 'preact-render-to-string'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Emotes } from './EmoteContext.tsx'
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

test('shows an emote as a picture that is read by its name, in links not [LIVE-07] [CHAT-10]', () => {
  const html = renderToString(
    <Emotes.Provider value={new Map([['vinyl', '/media/vinyl.webp']])}>
      <MessageText text=":vinyl: https://a.example/:vinyl: :other:" />
    </Emotes.Provider>,
  )
  assert.is(html.match(/<img /g)?.length, 1)
  assert.match(html, 'src="/media/vinyl.webp"')
  assert.match(html, 'alt=":vinyl:"')
  assert.match(html, ' :other:')
})

test.run()
