import type { Words } from './language.ts'

/** French for the refusals of the server itself; the server writes English. Plugins add theirs by `problems`. */
const own: Record<string, string> = {
  'invalid-input': 'Quelque chose dans la demande ne convient pas.',
  malformed: 'La demande n’a pas pu être lue.',
  'not-signed-in': 'Connectez-vous d’abord.',
  'not-allowed': 'Votre compte ne permet pas cela.',
  'not-found': 'Il n’y a rien à cette adresse.',
  'too-large': 'La demande est trop grande.',
  'too-many-requests': 'Trop de demandes ; patientez un peu puis réessayez.',
  internal: 'Quelque chose s’est cassé de notre côté ; c’est noté.',
  unavailable: 'Cette partie n’est pas disponible pour le moment.',
  conflict: 'C’est déjà pris, ou cela a changé entre-temps.',
  'storage-full': 'Le disque est plein ; rien n’a été changé.',
  offline: 'Le serveur est injoignable.',
  unreadable: 'La réponse du serveur n’a pas pu être lue.',
  'page-broke': 'Cette page s’est cassée.',
  'identity.wrong-credentials': 'Le nom ou le mot de passe ne convient pas.',
  'identity.taken': 'Ce nom ou cette adresse est déjà utilisé.',
  'identity.registration-closed': 'Ce label n’accepte pas de nouvelles inscriptions.',
  'identity.suspended': 'Ce compte est suspendu ; demandez au label.',
  'identity.bad-refresh-token': 'Cette session est terminée ; reconnectez-vous.',
  'identity.set-up-done': 'Ce site a déjà son propriétaire ; connectez-vous.',
  'identity.bad-set-up-link': 'Ce lien de mise en place n’est pas valable ; relancez « veza start ».',
  'server.plugin-required': 'Cette extension ne peut pas être éteinte.',
  'server.plugin-needed': 'D’autres extensions en ont besoin ; éteignez-les d’abord.',
}
const french = new Map(Object.entries(own))

/** A plugin's refusals in French, by name: `{ 'live.slug-taken': 'Une autre chaîne a cette adresse.' }`. */
export type ProblemWords = Readonly<Record<string, Words['fr']>>

export function addProblemWords(words: ProblemWords): void {
  for (const [name, text] of Object.entries(words)) french.set(name, text)
}

/** The French title of a refusal, or undefined where only the server's words exist. */
export function frenchTitle(problem: string): string | undefined {
  return french.get(problem)
}
