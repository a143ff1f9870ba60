import { useEffect, useState } from 'preact/hooks'

/** One path for all dark squares, each row's neighbours joined: `M0 0h3v1h-3z`. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  const parts: string[] = []
  for (const [y, row] of rows.entries())
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      const width = x + 1 - start
      parts.push(`M${start} ${y}h${width}v1h-${width}z`)
    }
  return parts.join('')
}

/** Text for a phone's camera, always dark on white, as cameras need it. Its encoder is loaded with it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<{ path: string; size: number } | null>(null)
  useEffect(() => {
    let isCurrent = true
    const draw = async () => {
      const { encode } = await import('uqr')
      const { data, size } = encode(text, { ecc: 'M', border: 0 })
      if (isCurrent) setCode({ path: pathOf(data), size })
    }
    // Whoever cannot see it types the text beside it.
    draw().catch(() => undefined)
    return () => {
      isCurrent = false
    }
  }, [text])
  if (!code) return <div class="qr" />
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path d={code.path} fill="currentColor" />
    </svg>
  )
}
