import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Context } from 'koa'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) }

interface Asset {
  type: string
  plain: Buffer
  br?: Promise<Buffer>
  gzip?: Promise<Buffer>
}

/** The built pages: index.html and the files beside it, held in memory and compressed once. */
export interface Assets {
  /** Empty where the pages were not built. */
  indexHtml: string
  serve(ctx: Context): Promise<boolean>
}

/** Where the build puts the pages; the same folder from the sources and from dist/. */
export function webFolder(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  return /[\\/]dist[\\/]$/.test(root) ? join(root, 'web') : join(root, 'dist', 'web')
}

export async function loadAssets(folder: string): Promise<Assets> {
  const files = new Map<string, Asset>()
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  await Promise.all(
    names.map(async (entry) => {
      const type = types[extname(entry.name)]
      if (!entry.isFile() || !type) return
      const path = join(entry.parentPath, entry.name)
      files.set(path.slice(folder.length).replaceAll('\\', '/'), { type, plain: await readFile(path) })
    }),
  )
  return {
    indexHtml: files.get('/index.html')?.plain.toString('utf8') ?? '',
    serve: async (ctx) => {
      const asset = ctx.path === '/index.html' ? undefined : files.get(ctx.path)
      if (!asset) return false
      ctx.set(
        'cache-control',
        ctx.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      )
      ctx.set('vary', 'accept-encoding')
      ctx.type = asset.type
      ctx.body = await encoded(ctx, asset)
      return true
    },
  }
}

async function encoded(ctx: Context, asset: Asset): Promise<Buffer> {
  if (asset.plain.length < 1000 || asset.type.startsWith('image/png')) return asset.plain
  const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity')
  if (encoding !== 'br' && encoding !== 'gzip') return asset.plain
  asset[encoding] ??= compress[encoding](asset.plain)
  ctx.set('content-encoding', encoding)
  return asset[encoding]
}
