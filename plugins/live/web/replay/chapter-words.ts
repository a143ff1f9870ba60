import { type Translate, useTexts } from '#web'
import type { Chapter } from '../../contract.ts'
import { chapterTexts } from './chapter-texts.ts'

type T = Translate<(typeof chapterTexts)['en']>

/** What a chapter is called in the reader's language: what somebody wrote stays as it is. */
export function inWords(t: T, chapter: Chapter): Chapter {
  const { cause } = chapter
  if (!cause) return chapter
  if (cause.kind === 'interruption') return { ...chapter, title: t('afterInterruption') }
  const camera = cause.title ?? t('cameraNumber', { number: cause.camera })
  return { ...chapter, title: t('switchTo', { camera }) }
}

/** Chapters as a page shows them. */
export function useChapters(chapters: readonly Chapter[]): Chapter[] {
  const t = useTexts(chapterTexts)
  return chapters.map((chapter) => inWords(t, chapter))
}
