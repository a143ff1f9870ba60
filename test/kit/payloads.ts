/** Texts that run or bring in something where a page takes them for more than text; each sets `__hit`. */
export const scripts: readonly string[] = [
  '<script>__hit=1</script>',
  '"><script>__hit=1</script>',
  "'><img src=x onerror=__hit=1>",
  '<img src=x onerror=__hit=1>',
  '<svg onload=__hit=1>',
  '<svg><a href="javascript:__hit=1">x</a>',
  '<iframe src="javascript:__hit=1">',
  '<iframe srcdoc="<script>top.__hit=1">',
  '<details open ontoggle=__hit=1>',
  '" autofocus onfocus=__hit=1 x="',
  '</title><script>__hit=1</script>',
  '</textarea><img src=x onerror=__hit=1>',
  '</script><script>__hit=1</script>',
  '<!--><img src=x onerror=__hit=1>-->',
  '<math href="javascript:__hit=1">x',
  '<style>@import "/__hit"</style>',
  '<base href="//evil.test/">',
  '<meta http-equiv=refresh content=0>',
  '<form action=javascript:__hit=1>',
  '<object data="javascript:__hit=1">',
  "{{constructor('__hit=1')()}}",
  '#{__hit=1}<%=__hit=1%>',
  'javascript:__hit=1',
]

/** The same for what is written as Markdown. */
export const markdown: readonly string[] = [
  '[x](javascript:__hit=1)',
  '[x](JaVaScRiPt:__hit=1)',
  '[x](&#106;avascript:__hit=1)',
  '[x](javascript&colon;__hit=1)',
  '[x](\\u0001javascript:__hit=1)',
  '[x](data:text/html,<script>__hit=1</script>)',
  '[x](vbscript:__hit=1)',
  '[x](//evil.test/?__hit=1 "\\" onmouseover=\\"__hit=1")',
  '![x](javascript:__hit=1)',
  '![x" onerror="__hit=1](x)',
  '<javascript:__hit=1>',
  '[ref]: javascript:__hit=1\n\n[ref]',
  '```"><img src=x onerror=__hit=1>\nx\n```',
  '<a href="javascript:__hit=1">x</a>',
]

/** What addresses of links must not be. */
export const addresses: readonly string[] = [
  'javascript:__hit=1',
  'JAVASCRIPT:__hit=1',
  ' javascript:__hit=1',
  'java\tscript:__hit=1',
  'data:text/html,<script>__hit=1</script>',
  'vbscript:__hit=1',
  'https://x"onmouseover="__hit=1',
  'file:///etc/passwd',
]
