import type { FigureReader } from '../contract.ts'
import type { LiveContext } from '../settings.ts'

const books = new WeakMap<LiveContext, Map<string, FigureReader>>()

function bookOf(ctx: LiveContext): Map<string, FigureReader> {
  const book = books.get(ctx) ?? new Map<string, FigureReader>()
  books.set(ctx, book)
  return book
}

/** Adds what another plugin knows of the time of a show; the way to take it back. */
export function addFigure(ctx: LiveContext, name: string, read: FigureReader): () => void {
  const book = bookOf(ctx)
  book.set(name, read)
  return () => {
    if (book.get(name) === read) book.delete(name)
  }
}

/** What all of them know; one that fails is left out. */
export async function readFigures(
  ctx: LiveContext,
  time: Parameters<FigureReader>[0],
): Promise<{ name: string; values: number[] }[]> {
  const read = [...bookOf(ctx)].map(async ([name, reader]) => {
    try {
      return [{ name, values: await reader(time) }]
    } catch (error) {
      ctx.log.warn({ err: error, figure: name }, 'figures of another plugin could not be read')
      return []
    }
  })
  return (await Promise.all(read)).flat()
}
