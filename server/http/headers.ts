import type { Context } from 'koa'

/** Nothing inline, nothing foreign; hls.js needs blob: for its media source and worker. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer of the pages and the API. */
export function securityHeaders(ctx: Context, isSecure: boolean): void {
  ctx.set({
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'x-frame-options': 'DENY',
  })
  if (isSecure) ctx.set('strict-transport-security', 'max-age=31536000')
}

/** For pages made to be framed by others. */
export function allowFraming(ctx: Context): void {
  ctx.set(
    'content-security-policy',
    contentSecurityPolicy.replace("frame-ancestors 'none'", 'frame-ancestors *'),
  )
  ctx.set('cross-origin-resource-policy', 'cross-origin')
  ctx.remove('x-frame-options')
  ctx.remove('cross-origin-opener-policy')
}
