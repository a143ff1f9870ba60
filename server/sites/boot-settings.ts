import type { SettingsStore } from '../settings/site-settings.ts'

/** What of the label's settings every page may know. */
export function bootSettings(settings: SettingsStore) {
  const { title, description, accent, registration, terms, privacy } = settings.site()
  const version = settings.terms()?.version
  return {
    title,
    description,
    accent,
    registration,
    terms: version
      ? { version, termsUrl: terms ? '/terms' : null, privacyUrl: privacy ? '/privacy' : null }
      : null,
  }
}
