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
  'cross-origin': 'La demande venait d’un autre site.',
  'unsupported-type': 'Ce type de contenu n’est pas accepté.',
  'identity.wrong-credentials': 'Le nom ou le mot de passe ne convient pas.',
  'identity.second-factor-needed': 'Encore une étape : confirmez par votre second facteur.',
  'identity.wrong-code': 'Ce code ne convient pas, ou a déjà servi ; attendez le suivant.',
  'identity.bad-ticket': 'Cela a pris trop de temps ou a été essayé trop souvent ; reconnectez-vous.',
  'identity.slow-down': 'Trop d’essais ; patientez un peu puis réessayez.',
  'identity.confirm-needed': 'Confirmez d’abord que c’est bien vous.',
  'identity.weak-password': 'Ce mot de passe est trop facile à deviner.',
  'identity.invitation-needed': 'Ce label n’accueille de nouveaux membres que sur invitation.',
  'identity.bad-invitation': 'Cette invitation a déjà servi, a expiré ou a été retirée.',
  'identity.terms-needed': 'Acceptez d’abord les conditions.',
  'identity.bad-link': 'Ce lien a expiré ou a déjà servi ; demandez-en un nouveau.',
  'identity.last-way-in': 'C’est le seul accès à votre compte ; ajoutez-en d’abord un autre.',
  'identity.no-totp': 'Aucune application d’authentification n’est en place ; commencez par là.',
  'identity.totp-on': 'Une application d’authentification est déjà en place ; désactivez-la pour en changer.',
  'identity.bad-passkey': 'Cette clé d’accès n’a pas pu être vérifiée ; réessayez ou prenez un autre moyen.',
  'identity.username-too-soon': 'Le nom d’utilisateur ne change qu’une fois en 30 jours.',
  'identity.provider-failed':
    'La connexion par cet autre compte n’a pas fonctionné ; réessayez ou prenez un autre moyen.',
  'identity.address-in-use':
    'Un compte a déjà cette adresse ; connectez-vous-y, puis liez l’autre compte dans ses réglages.',
  'identity.linked-elsewhere': 'Ce compte est déjà lié à quelqu’un d’autre ici.',
  'identity.address-banned': 'Cette adresse ne peut pas utiliser le site pour le moment.',
  'identity.unknown-role': 'Ce rôle n’existe pas.',
  'identity.last-owner': 'C’est le dernier propriétaire ; désignez-en d’abord un autre.',
  'identity.above-you': 'Ce compte ou ce rôle peut plus que vous ; demandez à quelqu’un qui en a le droit.',
  'identity.built-in-role': 'Ce rôle appartient au serveur et ne peut pas être supprimé.',
  'identity.bad-issuer': 'Ce fournisseur ne peut pas être utilisé.',
  'identity.bad-picture': 'Ce fichier n’est pas une image utilisable ; prenez un JPEG, PNG, WebP ou AVIF.',
  'identity.taken': 'Ce nom ou cette adresse est déjà utilisé.',
  'identity.registration-closed': 'Ce label n’accepte pas de nouvelles inscriptions.',
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
